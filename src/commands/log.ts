import type { Answer, Column } from '../session/answer.ts';
import { flag } from './arguments.ts';
import { defineCommand } from './define.ts';

const columns: readonly Column[] = [
	{ name: 'cell', align: 'right' },
	{ name: 'input', shrink: true },
	{ name: 'step', align: 'right' },
	{ name: 'ok' },
	{ name: 'ms', align: 'right', format: 'number' },
];

export default defineCommand({
	name: 'log',
	group: 'session',
	summary: 'every line of this session, with what came of it',
	args: { steps: flag('only lines that made a step or moved in the history') },
	examples: ['log', 'log | tail 5', 'log > session.md'],
	scripted: 'asked',
	withoutModel: true,

	run(session, { steps }): Answer {
		const rows = session.log
			.filter((entry) => !steps || entry.stepBefore !== entry.stepAfter)
			.map(({ cell, stepAfter }) => ({
				cell: cell.cell,
				input: cell.input,
				step: stepAfter ?? null,
				ok: cell.ok,
				ms: cell.ms,
			}));
		const shown = rows.map((row) => [row.cell, row.input, row.step, row.ok ? 'yes' : 'no', row.ms]);
		return {
			kind: 'table',
			data: { columns: columns.map((column) => column.name), rows, total: rows.length },
			blocks: [{ type: 'table', columns, rows: shown }],
		};
	},
});
