/** Every op that whittle knows more about than its signature: one list of families. */
import type { OpDeclaration } from './define.ts';

const families: readonly (readonly OpDeclaration[])[] = [];

const byName = new Map(families.flat().flatMap((op) => op.names.map((name) => [name, op] as const)));

export function opByName(name: string): OpDeclaration | undefined {
	return byName.get(name);
}

export const ops: readonly OpDeclaration[] = families.flat();
