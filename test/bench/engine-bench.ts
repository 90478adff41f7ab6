/** Steady runs of image networks on the engine, held against onnxruntime-web's WebAssembly: turn by turn, one image. */
import { Executor, type Feeds } from '../../src/evaluate/executor.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { mulberry32 } from '../../src/graph/random.ts';
import type { TensorValue } from '../../src/graph/tensor.ts';
import { transformGraph } from '../../src/index.ts';
import { Engine } from '../../src/ops/engine/engine.ts';
import { swapAxes } from '../../src/ops/kernels/layout.ts';
import type { Bench, BenchContext } from './bench.ts';
import { collectGarbage, median, spreadOf, timed } from './measure.ts';
import { type BenchModel, models } from './models.ts';
import { exportOnnx } from './onnx-export.ts';
import { OnnxRuntime } from './onnxruntime.ts';

/** Width and height of the image. */
const SIZES = { mobilenet: 224, resnet: 224, inception: 299 } as const;
type Network = keyof typeof SIZES;

/** Softmax drives one class to 1 and hides a difference: what goes into it is compared as well. */
const OUTPUTS = ['probabilities', 'classifier/BiasAdd'];

/** Runs a repetition of the bench stands for: one alone says little of what lasts 20 ms. */
const RUNS = 4;
const WARM_UP = 3;
/** Both engines round sums in orders of their own. Further apart they did not compute the same. */
const SAME = 1e-4;

interface Runner {
	readonly times: number[];
	run(): unknown;
}

export const engineBench: Bench = {
	name: 'engine',
	summary: 'steady runs of image networks, against onnxruntime-web and with a second thread',

	async run(context) {
		const networks = (Object.keys(SIZES) as Network[]).filter((model) =>
			['one thread', 'two threads'].some((what) => context.wanted('engine', what, model)),
		);
		if (networks.length === 0) return;
		const other = await OnnxRuntime.find();
		const [one, two] = [Engine.wasm(), Engine.wasm(2)];
		if (!one || !two) throw new Error('the kernels are not built: npm run build');
		for (const model of networks) await race(context, model, one, two, other);
		two.dispose();
	},
};

async function race(
	context: BenchContext,
	model: Network,
	one: Engine,
	two: Engine,
	other: OnnxRuntime | undefined,
): Promise<void> {
	const { inputs, build }: BenchModel = models[model];
	const input = inputs[0]!;
	// Checks and names that exporters leave have no counterpart in ONNX.
	const graph = transformGraph(build(), {
		transforms: 'remove_nodes(op=Identity, op=CheckNumerics)',
		inputs,
		outputs: OUTPUTS,
	});
	const size = SIZES[model];
	const shape = [1, size, size, 3];
	const random = mulberry32(size);
	const image = Float32Array.from({ length: size * size * 3 }, () => 2 * random() - 1);
	const feeds: Feeds = new Map([[input, { dtype: DT_FLOAT, shape, data: image }]]);
	const [ours, shared] = [one, two].map((engine) => prepared(graph, engine, feeds));
	const theirs = await other?.load(
		exportOnnx(graph, input, OUTPUTS, shape),
		swapAxes(image, 1, size * size, 3),
		[1, 3, size, size],
	);
	const difference = theirs && apart(ours!.run(), await theirs.run());
	if (difference !== undefined && !(difference <= SAME))
		throw new Error(`${model}: the engines differ by ${difference}`);
	// Time on the processors cannot show what a second thread is good for.
	const runners: Runner[] = context.clock === 'cpu' ? [ours!] : [ours!, shared!];
	const rival: Runner = { times: [], run: () => theirs?.run() };
	if (theirs) runners.splice(1, 0, rival);
	for (let i = 0; i < WARM_UP + RUNS * context.repetitions; i++) {
		for (const { times, run } of runners) {
			collectGarbage();
			const time = await timed(run, context.clock);
			if (i >= WARM_UP) times.push(time);
		}
	}
	const row = { group: 'engine', model, unit: 'ms', limit: 1, limitOf: 'reference' } as const;
	context.add({
		...row,
		what: 'one thread',
		value: median(ours!.times),
		spread: spreadOf(ours!.times),
		...(theirs ? { reference: median(rival.times) } : {}),
		note: theirs
			? `onnxruntime-web ${other!.version}, least ${least(rival)} ms; apart by ${difference!.toExponential(1)}`
			: 'onnxruntime-web not found',
	});
	if (runners.includes(shared!))
		context.add({
			...row,
			what: 'two threads',
			value: median(shared!.times),
			spread: spreadOf(shared!.times),
			reference: median(ours!.times),
			note: 'against one thread',
		});
	await theirs?.release();
	for (const { executor } of [ours!, shared!]) executor.dispose();
}

function prepared(graph: Graph, engine: Engine, feeds: Feeds) {
	const executor = new Executor(graph, { engine });
	return { executor, times: [], run: () => executor.run(feeds, OUTPUTS) };
}

function least({ times }: Runner): string {
	return Math.min(...times).toFixed(1);
}

/** The largest relative L2 norm of a difference. */
function apart(ours: readonly TensorValue[], theirs: readonly Float32Array[]): number {
	return Math.max(
		...theirs.map((values, i) => {
			const { data } = ours[i]!;
			let [difference, norm] = [0, 0];
			for (const [j, value] of values.entries()) {
				difference += ((data as Float32Array)[j]! - value) ** 2;
				norm += value ** 2;
			}
			return Math.sqrt(difference / norm);
		}),
	);
}
