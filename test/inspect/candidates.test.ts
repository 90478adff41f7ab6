import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FunctionDefLibraryCodec } from '../../proto/codec.ts';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder, INT32 } from '../../src/graph/builder.ts';
import { DT_BOOL, DT_FLOAT, DT_INT32, DT_RESOURCE, DT_STRING, DT_VARIANT } from '../../src/graph/dtype.ts';
import { Graph } from '../../src/graph/graph.ts';
import { findCandidates, MOST_CANDIDATES } from '../../src/inspect/candidates.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';
import { loadGraph } from '../goldens/load-graph.ts';
import { hasShared, sharedPath } from '../shared.ts';

const names = (side: { candidates: readonly { name: string }[] }): string[] =>
	side.candidates.map((c) => c.name);

/** x·W + b → softmax; a loss on labels, gradients by TensorFlow 1's names, an optimizer, a saver, a summary. */
function trainingGraph(): Graph {
	const g = new GraphBuilder();
	const x = g.placeholder('x', DT_FLOAT, [-1, 4]);
	const labels = g.placeholder('labels', DT_FLOAT, [-1, 2]);
	const w = g.node('W', 'VariableV2', [], { dtype: FLOAT });
	const b = g.node('b', 'VariableV2', [], { dtype: FLOAT });
	const wRead = g.node('W/read', 'Identity', [w], { T: FLOAT });
	const product = g.node('product', 'MatMul', [x, wRead], { T: FLOAT });
	const biased = g.node('biased', 'Add', [product, b], { T: FLOAT });
	const named = g.node('answer', 'Identity', [biased], { T: FLOAT });
	const difference = g.node('difference', 'Sub', [named, labels], { T: FLOAT });
	const loss = g.node('cost', 'Mean', [difference, g.ints('axes', [0])], { T: FLOAT, Tidx: INT32 });
	const gradient = g.node('gradients/cost_grad/Tile', 'Neg', [loss], { T: FLOAT });
	const inner = g.node('gradients/product_grad/MatMul', 'MatMul', [x, gradient], { T: FLOAT });
	const rate = g.floats('rate', 0.1);
	const updateW = g.node('train/update_W', 'ApplyGradientDescent', [w, rate, inner], { T: FLOAT });
	const updateB = g.node('train/update_b', 'ApplyGradientDescent', [b, rate, gradient], { T: FLOAT });
	g.node('train', 'NoOp', [`^${updateW}`, `^${updateB}`]);
	const summary = g.node('cost_summary', 'ScalarSummary', ['tag', loss], { T: FLOAT });
	g.constant('tag', { dtype: DT_STRING, shape: [], data: [Buffer.from('cost')] });
	g.node('merged', 'MergeSummary', [summary]);
	const file = g.constant('save/Const', { dtype: DT_STRING, shape: [], data: [Buffer.from('model')] });
	const saved = g.node('save/SaveV2', 'SaveV2', [file, wRead]);
	g.node('save/control_dependency', 'Identity', [file, `^${saved}`], { T: FLOAT });
	return g.finish();
}

test('what a branch keeps for its gradient is no output', () => {
	const g = new GraphBuilder();
	g.node('branch', 'If', [g.placeholder('x')], { Tout: Attr.types([DT_FLOAT, DT_VARIANT]) });
	g.node('answer', 'Identity', ['branch'], { T: FLOAT });
	g.node('kept', 'Identity', ['branch:1'], { T: Attr.type(DT_VARIANT) });
	const { outputs } = findCandidates(g.finish());
	expect(names(outputs)).toEqual(['answer']);
	expect(outputs.aside).toMatchObject([{ names: ['kept'] }]);
});

describe('inputs', () => {
	test('placeholders come in the order of the file; unread ones and handles are put aside', () => {
		const g = new GraphBuilder();
		g.placeholder('b');
		g.placeholder('a');
		g.placeholder('idle');
		g.placeholder('handle', DT_RESOURCE);
		g.node('value', 'ReadVariableOp', ['handle'], { dtype: FLOAT });
		g.node('sum', 'AddN', ['a', 'b', 'value'], { T: FLOAT });
		const { inputs } = findCandidates(g.finish());
		expect(inputs.chosen).toEqual(['b', 'a']);
		expect(names(inputs)).toEqual(['b', 'a']);
		expect(inputs.aside.flatMap((group) => group.names).sort()).toEqual(['handle', 'idle']);
	});

	test('a switch for training comes after the data, with its reason', () => {
		const g = new GraphBuilder();
		g.node(
			'is_training',
			'PlaceholderWithDefault',
			[g.constant('no', { dtype: DT_BOOL, shape: [], data: Uint8Array.of(0) })],
			{
				dtype: Attr.type(DT_BOOL),
				shape: Attr.shape([]),
			},
		);
		const x = g.placeholder('x');
		g.node('y', 'Switch', [x, 'is_training'], { T: FLOAT });
		g.node('z', 'Relu', ['y:1'], { T: FLOAT });
		const { inputs } = findCandidates(g.finish());
		expect(names(inputs)).toEqual(['x', 'is_training']);
		expect(inputs.candidates[1]!.group).toBe('switch');
		expect(inputs.chosen).toEqual(['is_training', 'x']);
	});

	test('without a placeholder the queue that feeds the graph is its input', () => {
		const g = new GraphBuilder();
		g.node('queue', 'FIFOQueueV2');
		g.node('batch', 'QueueDequeueManyV2', ['queue', g.ints('n', 8)], {
			component_types: Attr.types([DT_FLOAT]),
		});
		g.node('y', 'Softmax', ['batch'], { T: FLOAT });
		const { inputs } = findCandidates(g.finish());
		expect(inputs.chosen).toEqual(['batch']);
		expect(inputs.candidates[0]).toMatchObject({
			op: 'QueueDequeueManyV2',
			dtype: 'float',
			group: 'delivery',
		});
	});

	test('a batch size and a switch beside the queue do not hide it', () => {
		const g = new GraphBuilder();
		g.node('queue', 'FIFOQueueV2');
		const size = g.placeholder('batch_size', DT_INT32, []);
		g.node('batch', 'QueueDequeueUpToV2', ['queue', size], { component_types: Attr.types([DT_FLOAT]) });
		g.node('y', 'Switch', ['batch', g.placeholder('phase_train', DT_BOOL, [])], { T: FLOAT });
		g.node('embeddings', 'Mul', ['y', 'y:1'], { T: FLOAT });
		const { inputs } = findCandidates(g.finish());
		expect(inputs.candidates.map((c) => [c.name, c.group])).toEqual([
			['batch', 'delivery'],
			['phase_train', 'switch'],
			['batch_size', 'pipeline'],
		]);
		expect(inputs.chosen).toEqual(['batch', 'phase_train']);
	});

	test('what a decoder gives can be fed in place of the encoded string', () => {
		const g = new GraphBuilder();
		g.placeholder('jpeg', DT_STRING, []);
		g.node('decoded', 'DecodeJpeg', ['jpeg']);
		g.node('image', 'Cast', ['decoded'], { SrcT: FLOAT, DstT: FLOAT });
		const { inputs } = findCandidates(g.finish());
		expect(names(inputs)).toEqual(['jpeg', 'decoded']);
		expect(inputs.chosen).toEqual(['jpeg']);
	});

	test('labels are offered after the inputs that the prediction needs, and not chosen', () => {
		const { inputs } = findCandidates(trainingGraph());
		expect(names(inputs)).toEqual(['x', 'labels']);
		expect(inputs.chosen).toEqual(['x']);
	});
});

describe('outputs', () => {
	test('a softmax over the whole graph comes before a side branch', () => {
		const g = new GraphBuilder();
		const x = g.placeholder('x');
		g.node('side', 'Relu', [x], { T: FLOAT });
		let last = x;
		for (let i = 0; i < 6; i++) last = g.node(`layer${i}`, 'Relu', [last], { T: FLOAT });
		g.node('probabilities', 'Softmax', [last], { T: FLOAT });
		const { outputs } = findCandidates(g.finish());
		expect(names(outputs)).toEqual(['probabilities', 'side']);
		expect(outputs.candidates[0]!.reason).toContain('a softmax');
		expect(outputs.candidates[0]!.reason).toContain('needs 89 % of the graph');
	});

	test('in a training graph the prediction that the loss reads is the output', () => {
		const { outputs } = findCandidates(trainingGraph());
		expect(outputs.chosen).toEqual(['answer']);
		expect(outputs.candidates.map((c) => [c.name, c.group])).toEqual([
			['answer', 'prediction'],
			['cost', 'loss'],
			['train', 'training step'],
			['merged', 'summary'],
		]);
		expect(outputs.aside.map((group) => group.reason)).toContain('saving and restoring');
	});

	test('the read of the only variable is not where the model ends', () => {
		const g = new GraphBuilder();
		const x = g.placeholder('x', DT_FLOAT, [-1, 4]);
		const w = g.node('w', 'VariableV2', [], { dtype: FLOAT });
		const product = g.node('product', 'MatMul', [x, g.node('w/read', 'Identity', [w], { T: FLOAT })], {
			T: FLOAT,
		});
		const loss = g.node('cost', 'Mean', [product, g.ints('axes', [0])], { T: FLOAT, Tidx: INT32 });
		const gradient = g.node('gradients/cost_grad/Tile', 'Neg', [loss], { T: FLOAT });
		const inner = g.node('gradients/product_grad/MatMul', 'MatMul', [x, gradient], { T: FLOAT });
		g.node('train/update_w', 'ApplyGradientDescent', [w, g.floats('rate', 0.1), inner], { T: FLOAT });
		expect(findCandidates(g.finish()).outputs.chosen).toEqual([product]);
	});

	test('what freezing leaves of the reads of captured variables is put aside', () => {
		const g = new GraphBuilder();
		g.node('Identity', 'Softmax', [g.placeholder('x', DT_FLOAT, [-1, 4])], { T: FLOAT });
		g.node('lstm/cell/ReadVariableOp', 'Identity', [g.floats('lstm/kernel', [1, 2])], { T: FLOAT });
		const { outputs } = findCandidates(g.finish());
		expect(outputs.chosen).toEqual(['Identity']);
		expect(outputs.aside).toEqual([
			{ reason: 'constants read and not used', count: 1, names: ['lstm/cell/ReadVariableOp'] },
		]);
	});

	test('a summary of it leaves a node an output', () => {
		const g = new GraphBuilder();
		const x = g.placeholder('x');
		const y = g.node('y', 'Relu', [x], { T: FLOAT });
		g.node('histogram', 'HistogramSummary', [g.floats('tag', 0), y], { T: FLOAT });
		expect(findCandidates(g.finish()).outputs.chosen).toEqual(['y']);
	});

	test('a thousand sinks do not make a thousand lines', () => {
		const g = new GraphBuilder();
		const x = g.placeholder('x');
		for (let i = 0; i < 1000; i++) g.node(`branch_${i}`, 'Relu', [x], { T: FLOAT });
		g.node('scores', 'Softmax', [x], { T: FLOAT });
		const { outputs } = findCandidates(g.finish());
		expect(outputs.candidates).toHaveLength(MOST_CANDIDATES);
		expect(outputs.candidates[0]!.name).toBe('scores');
		expect(outputs.chosen).toEqual(['scores']);
		expect(outputs.total).toBe(1001);
	});

	test('a signature says it, whatever the graph looks like', () => {
		const g = new GraphBuilder();
		const x = g.placeholder('x');
		g.node('inner', 'Relu', [x], { T: FLOAT });
		g.node('outer', 'Softmax', ['inner'], { T: FLOAT });
		const tensor = (name: string, node: string) => ({
			name,
			tensor: `${node}:0`,
			dtype: DT_FLOAT,
			shape: null,
		});
		const signature = {
			name: 'serving_default',
			method: '',
			inputs: [tensor('i', 'x')],
			outputs: [tensor('o', 'inner')],
		};
		const graph = g.finish({ context: { signatures: [signature], tags: [] } });
		const { outputs } = findCandidates(graph);
		expect(names(outputs)).toEqual(['inner', 'outer']);
		expect(outputs.chosen).toEqual(['inner']);
		expect(outputs.candidates[0]!.reason).toBe('o of the signature serving_default');
	});
});

test('a file of functions only: the arguments of the outermost one, and nothing chosen', () => {
	const argument = (name: string) => ({ name, type: DT_FLOAT });
	const definition = (name: string, calls: string) => ({
		signature: { name, input_arg: [argument('a')], output_arg: [argument('r')] },
		node_def: [{ name: 'n', op: calls }],
	});
	const library = FunctionDefLibraryCodec.encode({
		function: [definition('inner', 'Relu'), definition('outer', 'inner')],
	});
	const { inputs, outputs } = findCandidates(new Graph([], { library }));
	expect(inputs.candidates).toMatchObject([{ name: 'outer/a', dtype: 'float', group: 'function' }]);
	expect(names(outputs)).toEqual(['outer/r']);
	expect(inputs.chosen).toEqual([]);
});

test('edge cases: an empty graph, a graph that only reads itself', () => {
	const empty = findCandidates(new GraphBuilder().finish());
	expect(empty.inputs.chosen).toEqual([]);
	expect(empty.outputs.candidates).toEqual([]);
	const g = new GraphBuilder();
	g.node('a', 'Relu', ['b'], { T: FLOAT });
	g.node('b', 'Relu', ['a'], { T: FLOAT });
	expect(findCandidates(g.finish()).outputs.candidates).toEqual([]);
});

test('mtcnn: exactly what summarize_graph lists, in its order', () => {
	const { inputs, outputs } = findCandidates(buildMtcnn());
	expect(inputs.chosen).toEqual(['pnet/input', 'rnet/input', 'onet/input']);
	expect(outputs.chosen).toEqual([
		'pnet/prob1',
		'pnet/conv4-2/BiasAdd',
		'rnet/prob1',
		'rnet/conv5-2/conv5-2',
		'onet/prob1',
		'onet/conv6-2/conv6-2',
		'onet/conv6-3/conv6-3',
	]);
});

describe.skipIf(!hasShared)('published graphs', () => {
	const rows = hasShared
		? readFileSync(sharedPath('graphs', 'INDEX.tsv'), 'utf8')
				.trim()
				.split('\n')
				.slice(1)
				.map((line) => line.split('\t'))
		: [];
	test.each(rows.map((row) => [row[0]!, row[5]!, row[6]!]))('%s', (file, inputs, outputs) => {
		const found = findCandidates(loadGraph(file));
		const wanted = (list: string): string[] => list.split(',').filter((name) => name !== '');
		// "First": a handful of others at most stand between the ones that the index names.
		const first = (side: { candidates: readonly { name: string }[] }, count: number): string[] =>
			names(side).slice(0, count + 6);
		expect(first(found.inputs, wanted(inputs).length)).toEqual(expect.arrayContaining(wanted(inputs)));
		expect(first(found.outputs, wanted(outputs).length)).toEqual(expect.arrayContaining(wanted(outputs)));
		expect(found.inputs.candidates.length).toBeLessThanOrEqual(MOST_CANDIDATES);
	});
});
