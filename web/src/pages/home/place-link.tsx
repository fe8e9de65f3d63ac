import type { ReactNode } from 'react';

import type { HomePlace } from '../../api/client.generated.ts';
import type { ButtonLook } from '../../kit/button.tsx';
import { LinkButton } from '../../kit/link-button.tsx';

/** A link to where something is dealt with. */
export function PlaceLink({
  place,
  label,
  look,
  children,
}: {
  place: HomePlace;
  /** What a screen reader says, which does not see the line around it. */
  label: string;
  look: ButtonLook;
  children: ReactNode;
}) {
  const common = { look, 'aria-label': label, children };
  switch (place.kind) {
    case 'run': {
      const { launch, run, step } = place;
      const search = step === null ? {} : { step };
      return <LinkButton to="/launches/$launch/runs/$run" params={{ launch, run }} search={search} {...common} />;
    }
    case 'gate': {
      const { launch, gate, environment, criterion } = place;
      const search = { environment, ...(criterion === null ? {} : { criterion }) };
      return <LinkButton to="/launches/$launch/gates/$gate" params={{ launch, gate }} search={search} {...common} />;
    }
    case 'document': {
      const { launch, at } = place;
      const params = { launch, _splat: at.file };
      return <LinkButton to="/launches/$launch/documents/$" params={params} hash={`L${at.line}`} {...common} />;
    }
    case 'runs':
      return <LinkButton to="/launches/$launch/runs" params={{ launch: place.launch }} {...common} />;
    case 'queue':
      return <LinkButton to="/queue" {...common} />;
  }
}
