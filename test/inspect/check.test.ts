import { describe, expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder, INT32 } from '../../src/graph/builder.ts';
import { DT_FLOAT, DT_INT32 } from '../../src/graph/dtype.ts';
import { Graph } from '../../src/graph/graph.ts';
import { Node } from '../../src/graph/node.ts';
import { checkGraph } from '../../src/inspect/check.ts';
import { oddities } from '../../src/inspect/overview.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';

/** `[kind, node]` of every finding. */
function found(make: (g: GraphBuilder) => void, parts = {}): string[][] {
	const g = new GraphBuilder();
	g.placeholder('x', DT_FLOAT, [2, 2]);
	make(g);
	return checkGraph(g.finish(parts)).map((finding) => [finding.kind, finding.node]);
}

describe('check', () => {
	test('a good graph has no findings', () => {
		expect(checkGraph(buildMtcnn())).toEqual([]);
		expect(checkGraph(new Graph([]))).toEqual([]);
	});

	test.each<[string, (g: GraphBuilder) => void, string[][]]>([
		['an op that nobody registered', (g) => g.node('a', 'Reluu', ['x']), [['unknown op', 'a']]],
		['a missing attribute', (g) => g.node('a', 'Relu', ['x', '^x'], {}), [['missing attribute', 'a']]],
		[
			'an attribute of another op',
			(g) => g.node('a', 'Relu', ['x'], { T: FLOAT, alpha: true }),
			[['unknown attribute', 'a']],
		],
		[
			'an attribute of another type',
			(g) => g.node('a', 'Relu', ['x'], { T: 'float' }),
			[['mistyped attribute', 'a']],
		],
		[
			'a value that is not allowed',
			(g) => g.node('a', 'Conv2D', ['x', 'x'], { T: FLOAT, strides: [1, 1, 1, 1], padding: 'SAMEISH' }),
			[['attribute value', 'a']],
		],
		['too few inputs', (g) => g.node('a', 'AddV2', ['x'], { T: FLOAT }), [['input count', 'a']]],
		['too many inputs', (g) => g.node('a', 'Relu', ['x', 'x'], { T: FLOAT }), [['input count', 'a']]],
		['an input of another dtype', (g) => g.node('a', 'Relu', ['x'], { T: INT32 }), [['input dtype', 'a']]],
		[
			'a port that does not exist',
			(g) => g.node('a', 'Relu', ['x:1'], { T: FLOAT }),
			[['missing output', 'a']],
		],
		['a node that does not exist', (g) => g.node('a', 'Relu', ['y'], { T: FLOAT }), [['missing input', 'a']]],
		[
			'a control edge to nowhere',
			(g) => g.node('a', 'Relu', ['x', '^y'], { T: FLOAT }),
			[['missing input', 'a']],
		],
		['data after control', (g) => g.node('a', 'Relu', ['^x', 'x'], { T: FLOAT }), [['input order', 'a']]],
		[
			'nodes that wait for each other',
			(g) => {
				g.node('a', 'AddV2', ['x', 'b'], { T: FLOAT });
				g.node('b', 'Relu', ['a'], { T: FLOAT });
			},
			[['cycle', 'a']],
		],
	])('%s', (_what, make, expected) => {
		expect(found(make)).toEqual(expected);
	});

	test('two nodes of one name', () => {
		const twin = Node.of({ name: 'n', op: 'NoOp' });
		expect(checkGraph(new Graph([twin, twin])).map((finding) => finding.kind)).toEqual(['duplicate name']);
	});

	test('an op that this producer may not use any more', () => {
		const versions = Uint8Array.of(0x08, 27);
		const attrs = { T: FLOAT, variance_epsilon: Attr.float(1), scale_after_normalization: true };
		const make = (g: GraphBuilder): string =>
			g.node('a', 'BatchNormWithGlobalNormalization', ['x', 'x', 'x', 'x', 'x'], attrs);
		expect(found(make)).toEqual([]);
		expect(found(make, { versions })).toEqual([['deprecated op', 'a']]);
	});

	test('a function that the library does not have', () => {
		const attrs = { Tin: Attr.types([DT_FLOAT]), Tout: Attr.types([DT_FLOAT]), f: Attr.func('gone') };
		expect(found((g) => g.node('a', 'PartitionedCall', ['x'], attrs))).toEqual([['missing function', 'a']]);
	});

	test("a loop's way back is no cycle", () => {
		expect(
			found((g) => {
				const enter = g.node('enter', 'Enter', ['x'], { T: FLOAT, frame_name: 'f' });
				g.node('merge', 'Merge', [enter, 'next'], { T: FLOAT, N: Attr.int(2) });
				g.node('next', 'NextIteration', ['merge'], { T: FLOAT });
			}),
		).toEqual([]);
	});

	test('every finding says what would mend it', () => {
		const g = new GraphBuilder();
		g.placeholder('weights', DT_INT32);
		g.node('a', 'Relu', ['weight'], { T: FLOAT, extra: true });
		const findings = checkGraph(g.finish());
		expect(findings.map((finding) => finding.mend)).toEqual([
			'Perhaps `weights` is meant.',
			'remove_attribute(attribute_name=extra, op_name=Relu)',
		]);
	});
});

describe('what is odd on opening', () => {
	const kinds = (make: (g: GraphBuilder) => void, parts = {}): string[] => {
		const g = new GraphBuilder();
		make(g);
		return oddities(g.finish(parts)).map((oddity) => oddity.kind);
	};

	test('nothing about a frozen classifier', () => {
		expect(oddities(buildMtcnn())).toEqual([]);
	});

	test.each<[string, (g: GraphBuilder) => void]>([
		['variables', (g) => g.node('v', 'VariableV2', [], { dtype: FLOAT, shape: Attr.shape([2]) })],
		['unread placeholders', (g) => g.placeholder('x')],
		['invalid inputs', (g) => g.node('a', 'Relu', ['gone'], { T: FLOAT })],
		['unregistered ops', (g) => g.node('a', 'NoSuchOp')],
		['unknown attributes', (g) => g.node('a', 'NoOp', [], { odd: true })],
		['missing values', (g) => g.node('c', 'Const', [], { dtype: FLOAT })],
		[
			'control flow',
			(g) => g.node('l', 'LoopCond', [g.constant('c', { dtype: 10, shape: [], data: Uint8Array.of(1) })]),
		],
	])('%s', (kind, make) => {
		expect(kinds(make)).toEqual([kind]);
	});

	test('a newer producer than the registry', () => {
		// 9999 as a varint.
		expect(kinds(() => undefined, { versions: Uint8Array.of(0x08, 0x8f, 0x4e) })).toEqual(['newer producer']);
	});
});
