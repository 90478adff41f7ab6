import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import { firstDifference } from '../../src/inspect/compare.ts';
import { transformGraph } from '../../src/tools/transform-graph.ts';
import { transforms } from '../../src/transforms/index.ts';
import { recordStreams } from './streams.ts';

interface Recorded {
	readonly files: Readonly<Record<string, string>>;
	readonly cases: readonly {
		readonly args: readonly string[];
		readonly code: number;
		readonly log: readonly string[];
		readonly out: string | null;
	}[];
}

/** What the C++ tool says and does (test/oracle/transform_graph_cli.py). */
const recorded = JSON.parse(
	readFileSync(new URL('../data/transform-graph-cli.json', import.meta.url), 'utf8'),
) as Recorded;

const before = process.cwd();
let folder = '';

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-'));
	for (const [name, content] of Object.entries(recorded.files))
		writeFileSync(join(folder, name), Buffer.from(content, 'base64'));
	process.chdir(folder);
});

afterEach(() => {
	process.chdir(before);
	rmSync(folder, { recursive: true });
});

/** The text parser's own words and the header of a dumped node are not specified. */
function comparable(log: readonly string[]): string[] {
	return log
		.filter((message) => !message.startsWith('Error parsing text-format'))
		.map((message) =>
			message.replace(/Transforms are:[\s\S]*/, 'Transforms are:').replace(/goo\.gle\/\S+\s+\n/, ''),
		);
}

describe('transform_graph', () => {
	it.each(recorded.cases)('answers $args as the C++ tool does', async ({ args, code, log, out }) => {
		const { streams, output, messages } = recordStreams();
		expect(await transformGraph(args, streams)).toBe(code);
		expect(output()).toBe('');
		expect(comparable(messages)).toEqual(comparable(log));
		if (out === null) {
			expect(() => readFileSync('out.pb')).toThrow('ENOENT');
			return;
		}
		const [made, wanted] = [readFileSync('out.pb'), Buffer.from(out, 'base64')];
		if (args.some((arg) => /^--output_as_text(=1|=true)?$/i.test(arg)))
			expect(String(made)).toBe(String(wanted));
		else {
			expect(firstDifference(readGraphDef(made), readGraphDef(wanted))).toBeUndefined();
			expect(readGraphDef(made).parts.library).toHaveLength(0);
		}
	});

	it('lists the transforms that TensorFlow has, one a line, sorted', async () => {
		const { streams, messages } = recordStreams();
		await transformGraph(['--help'], streams);
		const listed = messages[0]!.split('Transforms are:\n')[1]!.trimEnd().split('\n');
		const known = recorded.cases[1]!.log[0]!.split('Transforms are:\n')[1]!.trimEnd().split('\n');
		const ours = transforms.filter(({ name }) => known.includes(name)).map(({ name }) => name);
		expect(listed).toEqual(ours.sort());
	});

	it('expands ~ in both paths', async () => {
		const { HOME } = process.env;
		process.env.HOME = folder;
		try {
			const { streams } = recordStreams();
			const args = ['--in_graph=~/graph.pb', '--out_graph=~/home.pb', '--transforms=remove_device'];
			expect(await transformGraph(args, streams)).toBe(0);
			expect(readGraphDef(readFileSync('home.pb')).nodes).toHaveLength(2);
		} finally {
			if (HOME === undefined) delete process.env.HOME;
			else process.env.HOME = HOME;
		}
	});

	it('may write over the file it reads', async () => {
		const { streams } = recordStreams();
		const args = ['--in_graph=graph.pb', '--out_graph=graph.pb', '--transforms=remove_device'];
		expect(await transformGraph(args, streams)).toBe(0);
		expect(readGraphDef(readFileSync('graph.pb')).nodes.map((node) => node.device)).toEqual(['', '']);
	});
});
