import { isNumpyType, writeNpz } from '../evaluate/npy.ts';
import { dtypeName } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { Node } from '../graph/node.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { humanBytes } from '../inspect/humanize.ts';
import { text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import { line } from './arguments.ts';
import { defineCommand } from './define.ts';
import { runQuery } from './find.ts';
import { makingTable } from './node-table.ts';
import { resultPath, writeResult } from './result-file.ts';
import { runPausing } from './run-pausing.ts';

export default defineCommand({
	name: 'weights',
	group: 'look',
	summary: 'the constants that fit a query; > FILE.npz writes their values for NumPy',
	details:
		'Without a query all constants. In the file each is an array of the name of its node; `numpy.load` reads it. ' +
		'Strings and types that NumPy does not have are left out and named.',
	args: { query: line('which constants, as `find` takes it', { subject: 'query', optional: true }) },
	examples: ['weights params:>10k', 'weights name:conv* > weights.npz'],
	scripted: 'asked',
	redirect: 'own',

	async run(session, { query }, context) {
		const { graph } = session;
		const positions = (await runQuery(session, query, context)).filter((at) => graph.nodes[at]!.tensor);
		const { redirect } = context;
		if (redirect === undefined) {
			const { data, block } = await runPausing(makingTable(graph, positions), 'weights', context);
			return {
				kind: 'table',
				data: { ...data, query },
				blocks: [block, text(`${plural(positions.length, 'constant')}`)],
				next: [`weights ${query} > weights.npz`.replace('  ', ' ')],
			};
		}
		const file = resultPath(redirect);
		if (!/\.npz$/i.test(file)) {
			throw new WhittleError('usage', `Weights cannot be written as \`${file}\`.`, {
				hint: 'The name must end with .npz.',
			});
		}
		const { values, left } = valuesOf(positions.map((at) => graph.nodes[at]!));
		if (values.size === 0)
			throw new WhittleError('usage', 'No constant of numbers fits.', { hint: 'find op:Const' });
		const bytes = writeNpz(values);
		await writeResult(session, redirect, [bytes], context);
		const blocks = [text(`wrote ${file}: ${plural(values.size, 'array')}, ${humanBytes(bytes.length)}`)];
		if (left.length > 0)
			blocks.push(text(`left out: ${left.map(({ name, reason }) => `${name} (${reason})`).join(', ')}`));
		return {
			kind: 'text',
			data: { file, arrays: [...values.keys()], left, bytes: bytes.length },
			blocks,
		};
	},
});

interface LeftOut {
	readonly name: string;
	readonly reason: string;
}

function valuesOf(nodes: readonly Node[]): { values: Map<string, TensorValue>; left: LeftOut[] } {
	const values = new Map<string, TensorValue>();
	const left: LeftOut[] = [];
	for (const { name, tensor } of nodes) {
		const reason = tensor!.problem ?? (isNumpyType(tensor!.dtype) ? undefined : dtypeName(tensor!.dtype));
		if (reason === undefined) values.set(name, tensor!);
		else left.push({ name, reason });
	}
	return { values, left };
}
