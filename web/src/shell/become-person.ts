import { becomeDemoPerson } from '../api/client.generated.ts';
import { loadKey } from '../sign/key-box.ts';

/** In the demo alone: signs in as one of its people, with their key file. What is shown is the old person's until the page is loaded anew. */
export async function becomePerson(person: string): Promise<void> {
  const { key, privateKeyPem } = await becomeDemoPerson({ person });
  await loadKey(person, key, privateKeyPem);
}
