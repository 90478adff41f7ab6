/** The page of `help keys`, from the key table. */
import type { Block } from '../session/answer.ts';
import { keyBindings, keyName } from './keys.ts';

export function keysPage(): readonly Block[] {
	return [
		{
			type: 'table',
			columns: [{ name: 'keys' }, { name: 'what they do' }, { name: 'about', tone: 'dim' }],
			rows: keyBindings.map((binding) => [
				binding.keys.map(keyName).join(', '),
				binding.summary,
				binding.category,
			]),
		},
	];
}
