/** What made-up inputs look like where the graph does not declare it. */
import { describe, expect, it } from 'vitest';
import { inputSpec } from '../../src/evaluate/input-specs.ts';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder, INT32 } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';

/** x, of unknown rank or the given shape, and what reads it. */
function specOf(build: (g: GraphBuilder) => void, shape?: readonly number[]) {
	const g = new GraphBuilder();
	g.node('x', 'Placeholder', [], { dtype: FLOAT });
	if (shape) g.placeholder('declared', DT_FLOAT, shape);
	build(g);
	return inputSpec(g.finish(), shape ? 'declared' : 'x');
}

const reshape = { T: FLOAT, Tshape: INT32 };

describe('sizes that nobody declared', () => {
	it('are those that a product needs', () => {
		const spec = specOf((g) => {
			g.random('w', [7, 3]);
			g.node('half', 'Mul', ['scale', 'x'], { T: FLOAT });
			g.floats('scale', [0.5], []);
			g.node('y', 'MatMul', ['half', 'w'], { T: FLOAT });
		});
		expect([spec.shape, spec.likely]).toEqual([
			[-1, 7],
			[-1, 7],
		]);
	});

	it('fill the gaps of a shape that is declared in part', () => {
		const product = specOf(
			(g) => {
				g.random('w', [3, 7]);
				g.node('y', 'MatMul', ['declared', 'w'], { T: FLOAT, transpose_b: true });
			},
			[5, -1],
		);
		expect(product.shape).toEqual([5, 7]);
		const image = specOf(
			(g) => {
				g.random('w', [3, 3, 3, 8]);
				g.node('y', 'Conv2D', ['declared', 'w'], { T: FLOAT, strides: [1, 1, 1, 1], padding: 'SAME' });
			},
			[-1, -1, -1, -1],
		);
		expect(image.shape).toEqual([-1, -1, -1, 3]);
	});

	it('suit a Reshape, and bind nobody who gives a value', () => {
		const constant = specOf((g) => {
			g.ints('sizes', [-1, 28, 28], [3]);
			g.node('y', 'Reshape', ['x', 'sizes'], reshape);
		});
		expect([constant.shape, constant.likely]).toEqual([null, [-1, 784]]);
		const packed = specOf((g) => {
			g.node('shape', 'Shape', ['x'], { T: FLOAT, out_type: INT32 });
			g.ints('rows', [28], []);
			g.node('sizes', 'Pack', ['shape', 'rows', 'rows'], { T: INT32, N: Attr.int(3), axis: Attr.int(0) });
			g.node('y', 'Reshape', ['x', 'sizes'], reshape);
		});
		expect(packed.likely).toEqual([-1, 784]);
	});

	it.each([
		[
			[-1, -1],
			[-1, 6, 2],
			[-1, 12],
		],
		[
			[-1, 3, -1],
			[-1, 6, 2],
			[-1, 3, 4],
		],
		[
			[-1, 4],
			[3, 2, 2],
			[3, 4],
		],
		[
			[-1, 5, -1],
			[-1, 6, 2],
			[-1, 5, -1],
		],
		[[-1, -1], [-1], [-1, -1]],
		[
			[-1, -1, -1],
			[-1, 6, 2],
			[-1, -1, -1],
		],
	])('%j reshaped to %j is %j', (declared, sizes, likely) => {
		const spec = specOf((g) => {
			g.ints('sizes', sizes, [sizes.length]);
			g.node('y', 'Reshape', ['declared', 'sizes'], reshape);
		}, declared);
		expect(spec.likely).toEqual(likely);
		expect(spec.shape).toEqual(declared);
	});

	it('end at what changes the shape', () => {
		const spec = specOf((g) => {
			g.random('w', [7, 3]);
			g.floats('b', [1, 2]);
			g.node('sum', 'Add', ['x', 'b'], { T: FLOAT });
			g.node('y', 'MatMul', ['sum', 'w'], { T: FLOAT });
		});
		expect([spec.shape, spec.likely]).toEqual([null, null]);
	});
});
