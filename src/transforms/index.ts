/** The transforms, in alphabetical order: the one list that everything else reads. */
import type { Transform } from './define.ts';
import removeDevice from './remove-device.ts';

export const transforms: readonly Transform[] = [removeDevice];

const byName = new Map(transforms.map((transform) => [transform.name, transform]));

export function transformByName(name: string): Transform | undefined {
	return byName.get(name);
}
