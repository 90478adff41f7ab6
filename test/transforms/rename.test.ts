import { expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import type { Graph } from '../../src/graph/graph.ts';
import rename from '../../src/transforms/rename.ts';
import { runTransform } from '../../src/transforms/run.ts';

function graph(): Graph {
	const g = new GraphBuilder();
	g.placeholder('net/x');
	g.node('net/split', 'Split', ['net/x']);
	g.node('net/y', 'Relu', ['net/split:1', '^net/x'], { _class: Attr.strings(['loc:@net/x', 'loc:@gone']) });
	g.node('other', 'Neg', ['net/y']);
	return g.finish();
}

function run(from: string, to: string) {
	const given = new Map([
		['from', [from]],
		['to', [to]],
	]);
	return runTransform(graph(), rename, given, { inputs: ['net/x'], outputs: ['other', 'net/split:1'] });
}

test('a scope, with every reference to it', () => {
	const { graph: renamed, ends } = run('net/*', 'body/*');
	expect(renamed.nodes.map((node) => `${node.name}(${node.inputs})`)).toEqual([
		'body/x()',
		'body/split(body/x)',
		'body/y(body/split:1,^body/x)',
		'other(body/y)',
	]);
	expect(renamed.node('body/y')?.attr('_class')?.strings).toEqual(['loc:@body/x', 'loc:@gone']);
	expect(ends).toEqual({ inputs: ['body/x'], outputs: ['other', 'body/split:1'] });
});

test('one node; a dot or bracket in a name is just itself', () => {
	expect(run('net/y', 'probability').graph.node('other')?.inputs).toEqual(['probability']);
	expect(run('net.y', 'z').notes).toEqual(['no node is called net.y']);
});

test('a name that is taken stops the step', () => {
	expect(() => run('net/y', 'other')).toThrow('two nodes would be called `other`');
	expect(() => run('net/*', 'x')).toThrow('two nodes would be called `x`');
	expect(() => run('net/x', 'a:b')).toThrow('`a:b` is no name for a node');
	expect(() => run('net/x', '*')).toThrow('has more *');
});
