import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readGraphDef, serializeGraphDef } from '../../src/formats/graph-def.ts';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder, INT32 } from '../../src/graph/builder.ts';
import { DT_FLOAT, DT_STRING } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { renderPlain } from '../../src/render/plain.ts';
import { TestShell } from '../commands/shell.ts';

/** A bit of everything that attributes can hold. */
function sample(): Graph {
	const g = new GraphBuilder();
	const x = g.placeholder('in/x', DT_FLOAT, [-1, 4, 4, 2]);
	const w = g.random('conv/w', [1, 1, 2, 2]);
	const c = g.node(
		'conv/Conv2D',
		'Conv2D',
		[x, w],
		{ T: FLOAT, strides: [1, 1, 1, 1], padding: 'SAME' },
		'/cpu:0',
	);
	g.node('sum', 'AddV2', [g.node('relu', 'Relu', [c], { T: FLOAT }), c], { T: FLOAT });
	g.node('concat', 'ConcatV2', ['sum', c, g.ints('axis', 3)], { T: FLOAT, N: Attr.int(2), Tidx: INT32 });
	g.constant('words', { dtype: DT_STRING, shape: [2], data: [Buffer.from('a'), Buffer.from('bc')] });
	g.node('call', 'PartitionedCall', ['concat', '^words'], {
		Tin: Attr.types([1]),
		Tout: Attr.types([1]),
		f: Attr.func('g'),
	});
	return g.finish();
}

const lines = [
	'counts',
	'ops',
	'find dtype:float shape:[...,2] attr.T:float bytes:>1 flops:>=0',
	'show conv/Conv2D',
	'show words',
	'const conv/w [0]',
	'tree --depth 5',
	'cone call',
	'path in/x call --all 3',
	'params',
	'flops',
	'check',
	'ls',
	'inputs',
	'outputs',
	'summary --structure',
	'blocks --parts',
	'diff --with whole.pb',
	'plot call >! call.dot',
];

test('whatever a file holds, an answer is an answer or an error that tells of the file', async () => {
	const bytes = serializeGraphDef(sample());
	const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
	await fc.assert(
		fc.asyncProperty(flips, async (changes) => {
			const broken = Uint8Array.from(bytes);
			for (const [at, value] of changes) broken[at] = value;
			let graph: Graph;
			try {
				graph = readGraphDef(broken);
			} catch {
				return;
			}
			const shell = new TestShell({ 'broken.pb': graph, 'whole.pb': sample() });
			const opened = await shell.cell('open broken.pb');
			for (const line of opened.ok ? lines : []) {
				const cell = await shell.cell(line);
				if (!cell.ok) expect([line, cell.error.code, cell.error.message]).not.toContain('internal');
				else expect(() => renderPlain(cell.answer.blocks)).not.toThrow();
			}
			if (!opened.ok) expect(opened.error.code).not.toBe('internal');
		}),
		{ numRuns: 60, seed: 11 },
	);
}, 60_000);
