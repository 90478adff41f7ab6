import { Executor } from '../evaluate/executor.ts';
import { writeNpy, writeNpz } from '../evaluate/npy.ts';
import { encodePicture, halfBlocks, pictureOf } from '../evaluate/picture.ts';
import { DT_BOOL, dtypeName } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { NodeIndex } from '../inspect/node-index.ts';
import { tensorStatistics } from '../inspect/tensor-statistics.ts';
import { type Answer, type Block, text } from '../session/answer.ts';
import { formatNumber } from '../session/figures.ts';
import type { Session } from '../session/session.ts';
import { count, words } from './arguments.ts';
import { defineCommand, type RunContext } from './define.ts';
import { namedNode } from './named-node.ts';
import { resultPath, writeResult } from './result-file.ts';
import { runPausing } from './run-pausing.ts';
import { withInputs } from './run-values.ts';
import { histogramBars, statisticsLine } from './tensor-blocks.ts';

/** Values in the data of an answer, and on the screen. */
const MOST_VALUES = 1024;
const SHOWN = 16;

/** Columns of a picture. */
const WIDEST = 64;

export default defineCommand({
	name: 'eval',
	group: 'prove',
	summary: 'the value of any node for the given inputs; > FILE.npy keeps it',
	details:
		'Only what the node needs is run. Inputs without a value (`feed`) get seeded random ones. Several values go to one `.npz` file; images of 1, 3 or 4 channels are shown small, and `> FILE.png` keeps them in their own size.',
	args: {
		tensors: words('NODE or NODE:PORT', { atLeast: 1, subject: 'tensor' }),
		seed: count('seed of the random inputs; 1 unless given'),
	},
	examples: ['eval pnet/prob1', 'eval pnet/prob1:0 rnet/prob1', 'eval pnet/prob1 > value.npy'],
	scripted: 'asked',
	redirect: 'own',

	async run(session, { tensors, seed = 1 }, context) {
		const names = tensors.map((tensor) => fullName(session, tensor));
		const { current } = session.history;
		const { result } = await withInputs(session, current, seed, async ({ feeds }) => {
			const executor = new Executor(current.graph);
			try {
				return await runPausing(executor.steps(feeds, names), 'running', context);
			} finally {
				executor.dispose();
			}
		});
		const values = new Map(names.map((name, i) => [name, result[i]!]));
		const { redirect } = context;
		if (redirect !== undefined) await writeValues(session, values, redirect, context);
		return evalAnswer(values, redirect === undefined ? undefined : resultPath(redirect), context);
	},
});

function fullName(session: Session, word: string): string {
	const position = namedNode(session, word);
	const { name } = session.graph.nodes[position]!;
	const port = Number(/:(\d+)$/.exec(word)?.[1] ?? 0);
	const outputs = NodeIndex.of(session.graph).dtypes[position]!.length;
	if (outputs > 0 && port >= outputs) {
		throw new WhittleError('unknown', `\`${name}\` has no output ${port}.`, {
			hint:
				outputs === 1 ? `It has one: ${name}:0.` : `It has ${outputs}: ${name}:0 to ${name}:${outputs - 1}.`,
		});
	}
	return `${name}:${port}`;
}

function writeValues(
	session: Session,
	values: ReadonlyMap<string, TensorValue>,
	redirect: string,
	context: RunContext,
): Promise<void> {
	const file = resultPath(redirect);
	const write = (bytes: Uint8Array): Promise<void> => writeResult(session, redirect, [bytes], context);
	if (/\.npz$/i.test(file)) {
		const named = new Map([...values].map(([name, value]) => [shortName(name).replaceAll('/', '__'), value]));
		return write(writeNpz(named));
	}
	if (/\.npy$/i.test(file) && values.size === 1) {
		return write(writeNpy([...values.values()][0]!));
	}
	if (/\.png$/i.test(file) && values.size === 1) {
		return write(pngOf(...[...values][0]!));
	}
	throw new WhittleError(
		'usage',
		`\`${file}\` cannot hold ${values.size === 1 ? 'a value' : 'several values'}.`,
		{
			hint:
				values.size === 1
					? 'The name must end with .npy or .npz, or for an image with .png.'
					: 'The name must end with .npz.',
		},
	);
}

function pngOf(name: string, value: TensorValue): Uint8Array {
	const picture = pictureOf(value);
	if (picture) return encodePicture(picture);
	throw new WhittleError('usage', `${shortName(name)} is no image: its shape is [${value.shape}].`, {
		hint: 'An image is [height,width,channels] of 1, 3 or 4 channels, with a batch in front or without.',
	});
}

function evalAnswer(
	values: ReadonlyMap<string, TensorValue>,
	file: string | undefined,
	context: Pick<RunContext, 'interactive' | 'width'>,
): Answer {
	const blocks: Block[] = [];
	const data = [...values].map(([name, value]) => {
		const { dtype, shape, data } = value;
		const statistics = tensorStatistics({
			dtype,
			shape,
			data,
			elements: data.length,
			decodable: true,
			problem: undefined,
		});
		const { min, max, mean } = statistics;
		blocks.push(text(`${shortName(name)}  ${statisticsLine(statistics)}`));
		const bars = value.data.length > SHOWN ? histogramBars(statistics) : undefined;
		if (bars && file === undefined) blocks.push(bars);
		if (file === undefined) blocks.push(text(firstValues(value)));
		const picture = file === undefined && context.interactive ? pictureOf(value) : undefined;
		if (picture) blocks.push(text(...halfBlocks(picture, Math.min(WIDEST, (context.width ?? 80) - 4))));
		return {
			name: shortName(name),
			dtype: dtypeName(value.dtype),
			shape: value.shape,
			min,
			max,
			mean,
			...(file === undefined ? { values: plainValues(value).slice(0, MOST_VALUES) } : { file }),
		};
	});
	if (file !== undefined) blocks.push(text(`wrote ${file}`));
	return { kind: 'chart', data: { values: data }, blocks };
}

/** A tensor as it is mostly written: without its port where that is the first. */
function shortName(tensor: string): string {
	return tensor.replace(/:0$/, '');
}

function plainValues({ dtype, data }: TensorValue): (number | string | boolean)[] {
	if (dtype === DT_BOOL) return Array.from(data as Uint8Array, Boolean);
	if (!ArrayBuffer.isView(data)) return data.map((bytes) => Buffer.from(bytes).toString());
	return Array.from(data as Float32Array, (value) => (typeof value === 'bigint' ? Number(value) : value));
}

function firstValues(value: TensorValue): string {
	const shown = plainValues(value).slice(0, SHOWN);
	const rest = value.data.length > SHOWN ? ' …' : '';
	return `   ${shown.map((one) => (typeof one === 'number' ? formatNumber(one) : String(one))).join('  ')}${rest}`;
}
