import { WhittleError } from '../graph/error.ts';
import { costOf } from '../inspect/flops.ts';
import { findNodes } from '../inspect/query.ts';
import { parseQuantity } from '../inspect/query-values.ts';
import { text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import type { Session } from '../session/session.ts';
import { sizeOf } from '../session/status.ts';
import { line } from './arguments.ts';
import { defineCommand } from './define.ts';

/** What can be counted without a query. */
const counts: Readonly<Record<string, (session: Session) => number>> = {
	nodes: ({ graph }) => graph.nodes.length,
	params: ({ graph }) => sizeOf(graph).params,
	bytes: ({ graph }) => sizeOf(graph).bytes,
	optypes: ({ graph }) => graph.byOp.size,
	inputs: ({ inputs }) => inputs.length,
	outputs: ({ outputs }) => outputs.length,
	steps: ({ history }) => history.pathTo().length - 1,
	functions: ({ graph }) => graph.functions.functions.length,
	flops: ({ graph }) => costOf(graph).total,
};

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
	'=': (a, b) => a === b,
	'==': (a, b) => a === b,
	'!=': (a, b) => a !== b,
	'<': (a, b) => a < b,
	'<=': (a, b) => a <= b,
	'>': (a, b) => a > b,
	'>=': (a, b) => a >= b,
};

export default defineCommand({
	name: 'assert',
	group: 'prove',
	summary: 'a check for scripts: a count, or how many nodes a query finds',
	details:
		`What is counted is one of ${Object.keys(counts).join(', ')}, or a query (\`help query\`). A query alone must ` +
		'find at least one node. Where it does not hold, the script stops with exit code 4.',
	args: { claim: line('COUNT OP NUMBER, QUERY, or QUERY OP NUMBER', { subject: 'query' }) },
	examples: [
		'assert nodes <= 200',
		'assert op:Identity = 0',
		'assert bytes < 1MiB',
		'assert name:pnet/prob1',
	],
	scripted: 'always',
	redirect: 'none',

	run(session, { claim }) {
		const { left, comparison, right } = read(claim);
		const value = (counts[left] ?? ((open) => findNodes(open.graph, left).length))(session);
		const what = counts[left] ? left : plural(value, 'node');
		const found = counts[left] ? `${left} is ${value}` : `${what} found`;
		if (!comparisons[comparison]!(value, right)) {
			throw new WhittleError('check', `\`${claim}\` does not hold: ${found}.`);
		}
		return {
			kind: 'text',
			data: { holds: true, claim, value },
			blocks: [text(`holds: ${claim} (${found})`)],
		};
	},
});

function read(claim: string): { left: string; comparison: string; right: number } {
	const word = Object.keys(counts).join('|');
	const compared =
		/^(.+?)\s+(==?|!=|<=|>=|<|>)\s*(\S+)$/s.exec(claim) ??
		new RegExp(`^(${word})(==?|!=|<=|>=|<|>)\\s*(\\S+)$`).exec(claim);
	if (!compared) {
		if (!counts[claim]) return { left: claim, comparison: '>', right: 0 };
		throw new WhittleError('usage', `\`${claim}\` is compared with nothing.`, {
			hint: `assert ${claim} <= 200`,
		});
	}
	const left = compared[1]!.trim();
	const right = parseQuantity(compared[3]!.replaceAll(',', ''), left);
	if (right === undefined) {
		throw new WhittleError('usage', `\`${compared[3]}\` is no number.`, {
			hint: 'For example 200, 1.5M, 2MiB.',
		});
	}
	return { left, comparison: compared[2]!, right };
}
