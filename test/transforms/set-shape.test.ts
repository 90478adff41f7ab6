import { expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { runTransform } from '../../src/transforms/run.ts';
import setShape from '../../src/transforms/set-shape.ts';

function run(name: string, shape: string) {
	const g = new GraphBuilder();
	g.placeholder('x', DT_FLOAT, [-1, -1, 3]);
	g.node('y', 'Relu', ['x'], { _output_shapes: Attr.shapes([[-1, -1, 3]]) });
	return runTransform(
		g.finish(),
		setShape,
		new Map([
			['name', [name]],
			['shape', [shape]],
		]),
		{ inputs: ['x'], outputs: ['y'] },
	);
}

test.each([
	['1,224,3', [1, 224, 3]],
	['[?, -1, 3]', [-1, -1, 3]],
	['', []],
	['unknown', null],
])('%s', (text, shape) => {
	const { graph, notes } = run('x', text);
	expect(graph.node('x')?.attr('shape')?.shape).toEqual(shape);
	expect(graph.node('y')?.attrs.has('_output_shapes')).toBe(false);
	expect(notes.at(-1)).toBe('cleared _output_shapes of 1 node');
});

test('what is no size or no input is refused', () => {
	expect(() => run('x', '1,2.5')).toThrow('Could not read `2.5`');
	expect(() => run('y', '1')).toThrow('`y` is a Relu, not a placeholder');
});
