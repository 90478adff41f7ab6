import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serializeGraphDef } from '../../src/formats/graph-def.ts';
import { readListing } from '../../src/graph/read-listing.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';
import { summarizeGraph } from '../../src/tools/summarize-graph.ts';
import { hasShared, sharedPath } from '../shared.ts';
import { recordStreams } from './streams.ts';

let folder = '';
const file = (name: string): string => join(folder, name);

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-'));
	writeFileSync(file('mtcnn.pb'), serializeGraphDef(buildMtcnn()));
	writeFileSync(file('cycle.pb'), serializeGraphDef(readListing('a = A(b)\nb = B(a)')));
	writeFileSync(file('dangling.pb'), serializeGraphDef(readListing('a = A(nope, ^gone) @"/cpu:0"')));
	writeFileSync(file('empty.pb'), '');
	writeFileSync(
		file('small.pb'),
		serializeGraphDef(
			readListing('y = Add(c, x)\nx = Placeholder\nc = Const {value: float[2,2] 1 2 3 4}\nbad = Const'),
		),
	);
});

afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]): Promise<{ code: number; text: string; messages: string[] }> {
	const { streams, output, messages } = recordStreams();
	const code = await summarizeGraph(args, streams);
	return { code, text: output(), messages };
}

const usage = `usage: whittle summarize_graph
Flags:
\t--in_graph=""                    \tstring\tinput graph file name
\t--print_structure=false          \tbool\twhether to print the network connections of the graph
`;

/** The walk-through's text, to the letter. */
const mtcnn = (path: string): string =>
	`Found 3 possible inputs: (name=pnet/input, type=float(1), shape=[?,?,?,3]) (name=rnet/input, type=float(1), shape=[?,24,24,3]) (name=onet/input, type=float(1), shape=[?,48,48,3]) 
No variables spotted.
Found 7 possible outputs: (name=pnet/prob1, op=RealDiv) (name=pnet/conv4-2/BiasAdd, op=BiasAdd) (name=rnet/prob1, op=RealDiv) (name=rnet/conv5-2/conv5-2, op=BiasAdd) (name=onet/prob1, op=RealDiv) (name=onet/conv6-2/conv6-2, op=BiasAdd) (name=onet/conv6-3/conv6-3, op=BiasAdd) 
Found 495860 (495.86k) const parameters, 0 (0) variable parameters, and 0 control_edges
Op types used: 58 Const, 50 Identity, 24 Relu, 24 Neg, 19 BiasAdd, 12 Conv2D, 12 Add, 12 Mul, 7 MatMul, 6 MaxPool, 3 Max, 3 Placeholder, 3 RealDiv, 3 Exp, 3 Sub, 3 Sum, 2 Reshape
To use with tensorflow/tools/benchmark:benchmark_model try these arguments:
bazel run tensorflow/tools/benchmark:benchmark_model -- --graph=${path} --show_flops --input_layer=pnet/input,rnet/input,onet/input --input_layer_type=float,float,float --input_layer_shape=-1,-1,-1,3:-1,24,24,3:-1,48,48,3 --output_layer=pnet/prob1,pnet/conv4-2/BiasAdd,rnet/prob1,rnet/conv5-2/conv5-2,onet/prob1,onet/conv6-2/conv6-2,onet/conv6-3/conv6-3
`;

describe('summarize_graph', () => {
	it('gives the text of the walk-through for the bundled model', async () => {
		const path = file('mtcnn.pb');
		expect(await run(`--in_graph=${path}`)).toEqual({ code: 0, text: mtcnn(path), messages: [] });
	});

	it.skipIf(!hasShared)('gives it for the published model', async () => {
		const path = sharedPath('graphs', 'mtcnn.pb');
		expect(await run(`--in_graph=${path}`)).toEqual({ code: 0, text: mtcnn(path), messages: [] });
	});

	it('prints the structure in order of execution', async () => {
		const { code, text, messages } = await run(`--in_graph=${file('small.pb')}`, '--print_structure');
		expect(code).toBe(0);
		expect(text.split('\n').slice(-5)).toEqual([
			'bad (Const): []',
			'c (Const): [], value=Tensor<type: float shape: [2,2] values: [1 2][3...]...>',
			'x (Placeholder): []',
			'y (Add): [c, x]',
			'',
		]);
		expect(messages).toEqual(new Array(2).fill('Decoding Tensor failed for nodebad'));
	});

	it('takes an empty file for an empty graph', async () => {
		const { code, text } = await run(`--in_graph=${file('empty.pb')}`);
		expect(code).toBe(0);
		expect(text).toBe(`No inputs spotted.
No variables spotted.
No outputs spotted.
Found 0 (0) const parameters, 0 (0) variable parameters, and 0 control_edges
Op types used: 
To use with tensorflow/tools/benchmark:benchmark_model try these arguments:
bazel run tensorflow/tools/benchmark:benchmark_model -- --graph=${file('empty.pb')} --show_flops --input_layer= --input_layer_type= --input_layer_shape= --output_layer=
`);
	});

	it('stops at inputs that name no node', async () => {
		const { code, text, messages } = await run(`--in_graph=${file('dangling.pb')}`);
		expect(code).toBe(255);
		expect(text.split('\n').slice(4)).toEqual([
			"1 nodes assigned to device '/cpu:0'Invalid input nope for node a",
			'Invalid input gone for node a',
			'',
		]);
		expect(messages).toEqual([`Invalid graph with inputs referring to nonexistent nodes\n${usage}`]);
	});

	it('prints all but the structure of a cycle', async () => {
		const { code, text, messages } = await run(`--in_graph=${file('cycle.pb')}`, '--print_structure=true');
		expect(code).toBe(255);
		expect(text).toContain('bazel run');
		expect(text.endsWith('--output_layer=\n')).toBe(true);
		expect(messages).toEqual([`2 nodes in a cycle\n${usage}`]);
	});

	it('checks its arguments in the order of the C++ tool', async () => {
		const log = async (...args: readonly string[]) => (await run(...args)).messages;
		expect(await log()).toEqual([`in_graph graph can't be empty.\n${usage}`]);
		expect(await log('--help')).toEqual([usage]);
		expect(await log('--print_structure=x', 'y')).toEqual([
			"Couldn't interpret value x for flag print_structure.",
			usage,
		]);
		expect(await log('y', '--help')).toEqual([`Unknown argument y.\n${usage}`]);
		expect(await log('--in_graph=~')).toEqual([
			"Loading graph '~' failed with ~; No such file or directory\n\t (for file ~)",
			usage,
		]);
	});
});
