/** A step that needs more memory than Node gives ends as an answer: the program and the graph are still there. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeGraphDef } from '../../src/formats/graph-def.ts';
import { writeWholeFile } from '../../src/formats/write-file.ts';
import { buildSmallNodes } from '../bench/models.ts';
import { builtProgram } from './program.ts';

const NODES = 20_000;
/** Megabytes: the graph fits well, the hundred thousand nodes that quantize_nodes makes of it do not. */
const MEMORY = 60;

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-heap-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a step beyond the memory is refused, and the graph is as it was', { timeout: 60_000 }, async () => {
	const model = join(folder, 'chain.pb');
	writeWholeFile(model, encodeGraphDef(buildSmallNodes(NODES)));
	const args = [`--max-old-space-size=${MEMORY}`, await builtProgram(), model, '--json', '--keep-going'];
	const run = (): string =>
		execFileSync(process.execPath, args, { input: 'quantize_nodes\ncounts\n', encoding: 'utf8' });
	const answers = linesOf(run).map((line) => JSON.parse(line));
	expect(answers[0]).toMatchObject({
		ok: false,
		error: { code: 'memory', hint: expect.stringContaining('NODE_OPTIONS=--max-old-space-size=') },
	});
	expect(answers[1]).toMatchObject({
		ok: true,
		graph: { step: 0, nodes: buildSmallNodes(NODES).nodes.length },
	});
});

/** What was written, also by a program that ended with an error, as one does after a failed line. */
function linesOf(run: () => string): string[] {
	try {
		return run().trim().split('\n');
	} catch (error) {
		return String((error as { stdout: string }).stdout)
			.trim()
			.split('\n');
	}
}
