import { Columns, Page as PageFrame, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { ManyRows } from './many-rows.tsx';
import { Forms } from './show-forms.tsx';
import { Broken, Holds, States } from './show-states.tsx';
import { Statuses, Texts, Times } from './show-texts.tsx';
import { Windows } from './show-windows.tsx';

/** Every component of the kit in the states that it has. Its words are examples, and therefore stand here. */
export function Page() {
  return (
    <PageFrame title="Kit" lead={<span>Every component, in every state</span>} banner={<Holds />}>
      <Stack>
        <Columns>
          <Panel title="Statuses">
            <Statuses />
          </Panel>
          <Panel title="Times">
            <Times />
          </Panel>
          <Panel title="Buttons and windows">
            <Windows />
          </Panel>
          <Panel title="Forms">
            <Forms />
          </Panel>
        </Columns>
        <Panel title="Table" aside="2,000 rows" flush>
          <ManyRows />
        </Panel>
        <Columns>
          <Panel title="Texts">
            <Texts />
          </Panel>
          <Panel title="States">
            <States />
          </Panel>
          <Panel title="A part that breaks">
            <Broken />
          </Panel>
        </Columns>
      </Stack>
    </PageFrame>
  );
}
