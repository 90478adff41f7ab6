import { expect, test } from 'vitest';
import { serializeGraphDef } from '../../src/formats/graph-def.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';

test('the bundled model has the nodes and parameters of the published one', () => {
	const graph = buildMtcnn();
	const counts = Object.fromEntries([...graph.byOp].map(([op, nodes]) => [op, nodes.length]));
	expect(graph.nodes.length).toBe(244);
	expect(counts).toEqual({
		Add: 12,
		BiasAdd: 19,
		Const: 58,
		Conv2D: 12,
		Exp: 3,
		Identity: 50,
		MatMul: 7,
		Max: 3,
		MaxPool: 6,
		Mul: 12,
		Neg: 24,
		Placeholder: 3,
		RealDiv: 3,
		Relu: 24,
		Reshape: 2,
		Sub: 3,
		Sum: 3,
	});
	const parameters = graph.byOp.get('Const')!.reduce((sum, node) => sum + node.tensor!.elements, 0);
	expect(parameters).toBe(495_860);
	expect(graph.invalidInputs).toEqual([]);
});

test('it is the same bytes every time', () => {
	expect(Buffer.compare(serializeGraphDef(buildMtcnn()), serializeGraphDef(buildMtcnn()))).toBe(0);
});
