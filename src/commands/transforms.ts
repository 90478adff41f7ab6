import type { Answer, Column } from '../session/answer.ts';
import { transforms } from '../transforms/index.ts';
import { flag } from './arguments.ts';
import { defineCommand } from './define.ts';
import { describeTransform } from './help-pages.ts';

const columns: readonly Column[] = [
	{ name: 'name', tone: 'strong' },
	{ name: 'summary' },
	{ name: 'loss' },
	{ name: 'origin', tone: 'dim' },
];

export default defineCommand({
	name: 'transforms',
	group: 'change',
	summary: 'all transforms, each with one line',
	details:
		'`loss` is what a transform may cost: exact, numeric, lossy, or interface (names and shapes change).',
	args: { whittle: flag('only those that the C++ tool does not have') },
	examples: ['transforms', 'transforms | grep fold'],
	scripted: 'asked',
	withoutModel: true,

	run(_session, { whittle }): Answer {
		const rows = transforms
			.filter((transform) => !whittle || transform.origin === 'whittle')
			.map(describeTransform);
		return {
			kind: 'table',
			data: { columns: columns.map((column) => column.name), rows, total: rows.length },
			blocks: [{ type: 'table', columns, rows: rows.map((r) => [r.name, r.summary, r.loss, r.origin]) }],
		};
	},
});
