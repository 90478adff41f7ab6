import { WhittleError } from '../graph/error.ts';
import type { Answer } from '../session/answer.ts';
import type { GoodCell } from '../session/cell.ts';
import type { Session } from '../session/session.ts';
import { optionalCount } from './arguments.ts';
import { defineCommand } from './define.ts';

export default defineCommand({
	name: 'view',
	aliases: ['more', 'less'],
	group: 'look',
	summary: 'a long answer whole, on a screen of its own to scroll and search in',
	details:
		'Arrows, Space and b scroll, / searches, n goes on, q leaves. Without a terminal it is printed whole.',
	args: { cell: optionalCount('the number of its cell; the last answer when left out', { min: 1 }) },
	examples: ['view', 'view 3'],
	scripted: 'never',
	withoutModel: true,

	run(session, { cell }, { interactive }): Answer {
		const { answer, input } = answered(session, cell);
		const data = { of: input, answer: answer.data };
		const blocks = answer.viewer ?? answer.blocks;
		return interactive
			? { kind: answer.kind, data, blocks: [], viewer: blocks }
			: { kind: answer.kind, data, blocks };
	},
});

/** @throws WhittleError `unknown` where there is no such answer. */
function answered(session: Session, number: number | undefined): GoodCell {
	const cells = session.log.map((entry) => entry.cell);
	const found = cells.findLast(
		(cell) =>
			cell.ok &&
			(number === undefined ? !/^\s*(view|more|less)\b/.test(cell.input) : cell.cell === number) &&
			(cell.answer.viewer ?? cell.answer.blocks).length > 0,
	);
	if (found?.ok) return found;
	throw new WhittleError(
		'unknown',
		number === undefined ? 'There is no answer to view yet.' : `Cell ${number} has no answer to view.`,
		{ hint: '`log` lists the cells of this session.' },
	);
}
