/** whittle without a terminal: JSON Lines, exit codes, scripts, and text that a pipe can take. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { saveGraph } from '../../src/index.ts';
import { smallModel } from '../commands/models.ts';
import { builtProgram } from '../e2e/program.ts';

let program = '';
const folder = mkdtempSync(join(tmpdir(), 'whittle-contract-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
	program = await builtProgram();
	saveGraph(smallModel(), join(folder, 'small.pb'));
	saveGraph(hostileModel(), join(folder, 'hostile.pb'));
	saveGraph(wideModel(), join(folder, 'wide.pb'));
	writeFileSync(join(folder, 'broken.pb'), 'this is no graph');
}, 120_000);

/** Names that would colour, clear or ring a terminal. */
function hostileModel() {
	const build = new GraphBuilder();
	const input = build.placeholder('x\u001b[31mred\u0007', DT_FLOAT, [2]);
	build.node('\u009b2J\u001b]0;title\u0007', 'Relu', [input], { T: FLOAT });
	return build.finish();
}

/** A table of 60 rows with names far wider than any terminal. */
function wideModel() {
	const build = new GraphBuilder();
	for (let i = 0; i < 60; i++) build.floats(`${'scope/'.repeat(40)}constant_${i}`, [i]);
	return build.finish();
}

function whittle(args: readonly string[], input = ''): SpawnSyncReturns<string> {
	return spawnSync(process.execPath, [program, ...args], { cwd: folder, input, encoding: 'utf8' });
}

const cells = (text: string) =>
	text
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('--json', () => {
	it('prints one object a cell, with the state of the graph', () => {
		const [first] = cells(whittle(['small.pb', '--json', '-c', 'remove_nodes(op=Identity)']).stdout);
		expect(first).toMatchObject({
			cell: 1,
			input: 'remove_nodes(op=Identity)',
			ok: true,
			kind: 'step',
			data: { transform: 'remove_nodes' },
			ms: expect.any(Number),
			graph: {
				step: 1,
				steps: 1,
				nodes: 5,
				params: 15,
				bytes: expect.any(Number),
				inputs: ['x'],
				outputs: ['y'],
				saved: false,
			},
		});
	});

	it('has the error with its code and what to do', () => {
		const { stdout, stderr, status } = whittle(['small.pb', '--json', '-c', 'counts; remove_divice; counts']);
		const [good, bad, ...more] = cells(stdout);
		expect([good!.ok, more, stderr, status]).toEqual([true, [], '', 1]);
		expect(bad).toMatchObject({
			cell: 2,
			ok: false,
			error: { code: 'unknown', message: expect.any(String), hint: 'Did you mean remove_device?' },
		});
	});
});

describe('exit codes', () => {
	it.each([
		[0, ['small.pb', '-c', 'counts; undo']],
		[1, ['small.pb', '-c', 'remove_divice']],
		[2, ['small.pb', '--bogus']],
		[3, ['missing.pb', '-c', 'counts']],
		[3, ['broken.pb', '-c', 'counts']],
		[3, ['small.pb', '-c', 'open missing.pb']],
		[4, ['small.pb', '-c', 'assert nodes < 3']],
		[1, ['small.pb', '--keep-going', '-c', 'remove_divice; counts']],
	])('%i', (code, args) => expect(whittle(args).status).toBe(code));

	it('130 when it is interrupted', async () => {
		const child = spawn(process.execPath, [program, 'small.pb'], { cwd: folder, stdio: 'pipe' });
		child.stdout.once('data', () => {
			child.kill('SIGINT');
			child.stdin.end('bench --seconds 30 --runs 100000000\n');
		});
		child.stdin.write('counts\n');
		expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130);
	});
});

describe('lines', () => {
	it('of -c end at a semicolon outside brackets and quotes', () => {
		const line = 'insert_logging(op=Relu, message="a;b"); counts';
		expect(cells(whittle(['small.pb', '--json', '-c', line]).stdout).map(({ input }) => input)).toEqual([
			'insert_logging(op=Relu, message="a;b")',
			'counts',
		]);
	});

	it('are named in errors by their number, comments counted', () => {
		const { stderr, status } = whittle(['small.pb'], '# a comment\n\ncounts\nshow nosuch\ncounts\n');
		expect(stderr).toContain('line 4: There is no node `nosuch`.');
		expect(status).toBe(1);
	});

	it('after a failed one run with --keep-going', () => {
		const { stdout, stderr } = whittle(['small.pb', '--keep-going'], 'nonsense\ncounts\n');
		expect(stderr).toContain('line 1: ');
		expect(stdout).toContain('nodes          6');
	});
});

describe('a pipe', () => {
	it('gets tables whole, however long and wide', () => {
		const { stdout } = whittle(['wide.pb'], 'find op:Const\n');
		const rows = stdout.split('\n').filter((line) => line.includes('constant_'));
		expect(rows).toHaveLength(60);
		expect(rows[59]).toContain(`${'scope/'.repeat(40)}constant_59`);
	});

	it('gets no escape sequence, whatever nodes are called', () => {
		const lines =
			'summary\nfind\ninputs\noutputs\ntree\nshow x\nremove_nodes(op=Relu)\nhistory\ncheck\nhelp\n';
		const { stdout, stderr } = whittle(['hostile.pb', '--keep-going'], lines);
		expect(stdout).toContain('red');
		expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u);
	});
});

describe('a session script', () => {
	it('is what export writes and run reads, and warns on another file', () => {
		const exported = whittle([
			'small.pb',
			'-c',
			'counts; remove_device; undo; remove_nodes(op=Identity); save out.pb; export s.whittle',
		]);
		expect(exported.status).toBe(0);
		const script = readFileSync(join(folder, 's.whittle'), 'utf8');
		expect(script).toMatch(/^#!\/usr\/bin\/env -S whittle run\nopen small\.pb\s+# sha256 [0-9a-f]+/);
		expect(script).toContain('\ninputs x\n');
		expect(script).toContain('\noutputs y\n');
		expect(script).toContain('\nremove_nodes(op=Identity)');
		expect(script).not.toMatch(/counts|remove_device/);

		rmSync(join(folder, 'out.pb'));
		const same = whittle(['run', 's.whittle', '--json']);
		expect([same.status, same.stderr]).toEqual([0, '']);
		expect(readFileSync(join(folder, 'out.pb')).length).toBeGreaterThan(0);

		const other = whittle(['run', 's.whittle', 'wide.pb', '--keep-going']);
		expect(other.stderr).toContain('sha256');
	});

	it('has other forms: a shell script, Python, TypeScript and a notebook page', () => {
		const forms = ['s.sh', 's.py', 's.ts', 's.md'];
		const lines = ['remove_nodes(op=Identity)', ...forms.map((form) => `export ${form}`)];
		expect(whittle(['small.pb', '-c', lines.join('; ')]).status).toBe(0);
		const [sh, py, ts, md] = forms.map((form) => readFileSync(join(folder, form), 'utf8'));
		expect(sh).toMatch(/\$\{TRANSFORM_GRAPH:-transform_graph\}/);
		expect(py).toContain('TransformGraph');
		expect(ts).toContain("from 'graphwhittle'");
		expect(md).toContain('remove_nodes(op=Identity)');
	});

	it('a step that the C++ tool lacks stops .sh and .py, unless --partial is said', () => {
		const refused = whittle(['small.pb', '-c', 'rename(from=y, to=z); export p.sh']);
		expect(refused.status).toBe(1);
		expect(refused.stderr).toContain('rename');
		expect(whittle(['small.pb', '-c', 'rename(from=y, to=z); export p.sh --partial']).status).toBe(0);
	});
});
