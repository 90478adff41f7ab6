/** Ctrl-C in the middle of a step, a question or a save: the session is as it was, and the line can be run again. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serializeGraphDef } from '../../src/formats/graph-def.ts';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT, DT_QINT32 } from '../../src/graph/dtype.ts';
import { WhittleError } from '../../src/graph/error.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { Journal } from '../../src/session/journal.ts';
import { readJournal } from '../../src/session/journal-files.ts';
import { transforms } from '../../src/transforms/index.ts';
import { TestShell } from './shell.ts';

/** How each transform is called here that does nothing, or nothing much, without arguments. */
const LINES: Readonly<Record<string, string>> = {
	extract: 'extract(inputs=x, outputs=relu_500)',
	freeze_input: 'freeze_input(name=x, value=0)',
	freeze_requantization_ranges: 'freeze_requantization_ranges(min_max_log_file=ranges.log)',
	insert_logging: 'insert_logging(op=Relu)',
	remove_attribute: 'remove_attribute(attribute_name=T)',
	remove_nodes: 'remove_nodes(op=Identity)',
	rename: 'rename(from="relu_*", to="layer_*")',
	rename_attribute: 'rename_attribute(old_attribute_name=T, new_attribute_name=U)',
	rename_node: 'rename_node(old_node_name=relu_7, new_node_name=seven)',
	rename_op: 'rename_op(old_op_name=Relu, new_op_name=Relu6)',
	set_device: 'set_device(device="/cpu:0")',
	set_shape: 'set_shape(name=x, shape="4,8")',
};

/** More nodes than a loop goes over in a turn, and weights for those that look for them. */
const long = ((): Graph => {
	const T = Attr.type(DT_FLOAT);
	const build = new GraphBuilder();
	build.placeholder('x', DT_FLOAT, [2, 8]);
	build.random('w', [8, 256]);
	build.random('v', [256, 8]);
	const product = { T, transpose_a: false, transpose_b: false };
	build.node('wide', 'MatMul', ['x', 'w'], product);
	let last = build.node('narrow', 'MatMul', ['wide', 'v'], product);
	for (let i = 0; i < 600; i++) {
		last = build.node(`relu_${i}`, 'Relu', [last], { T });
		last = build.node(`identity_${i}`, 'Identity', [last], { T });
	}
	build.node('y', 'Relu', [last], { T });
	build.placeholder('sums', DT_QINT32, [2, 8]);
	const bounds = ['low', 'high'].map((name) => build.placeholder(name, DT_FLOAT, []));
	build.node('range', 'RequantizationRange', ['sums', ...bounds], { Tinput: Attr.type(DT_QINT32) });
	return build.finish();
})();

/** A clock that goes on by more than a turn whenever it is read. */
function advancing(): () => number {
	let now = 0;
	return () => {
		now += 300;
		return now;
	};
}

interface Stoppable {
	readonly shell: TestShell;
	pauses: number;
	stopAt: number;
}

/** A shell that is interrupted at the so-manieth pause, and counts them. */
function interruptible(files: Readonly<Record<string, Graph | string>>): Stoppable {
	const pause = async (): Promise<void> => {
		if (++state.pauses >= state.stopAt) throw new WhittleError('interrupted', 'Stopped.');
	};
	const state = { shell: new TestShell(files, { pause }), pauses: 0, stopAt: Number.POSITIVE_INFINITY };
	return state;
}

/** Files by their digests: to compare their bytes one by one would take most of the time. */
function digestsOf(files: ReadonlyMap<string, Uint8Array>): Map<string, string> {
	return new Map([...files].map(([path, bytes]) => [path, sha256(bytes)]));
}

/** The digest of a graph as it is written. */
function digestOf(graph: Graph): string {
	return sha256(serializeGraphDef(graph));
}

function sha256(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

describe.each(transforms.map(({ name }) => [name, LINES[name] ?? name]))('%s', (_name, line) => {
	let folder: string;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'whittle-interrupt-'));
		// Every turn seems to have taken so long that a pause is due.
		vi.stubGlobal('performance', { now: advancing() });
	});

	afterEach(() => {
		vi.unstubAllGlobals();
		rmSync(folder, { recursive: true });
	});

	async function opened(): Promise<Stoppable & { journal: Journal }> {
		const ranges = ';range__print__;__requant_min_max:[-1][1]\n';
		const state = interruptible({ 'long.pb': long, 'ranges.log': ranges });
		const { shell } = state;
		const journal = Journal.create(folder);
		journal.attach(shell.session);
		await shell.run('open long.pb');
		state.pauses = 0;
		return Object.assign(state, { journal });
	}

	it('stopped at any of its turns leaves graph, history and journal as they were', async () => {
		const whole = await opened();
		await whole.shell.run(line);
		// Some are done in a blink: they have the turn before the work, and those of weighing the result.
		expect(whole.pauses).toBeGreaterThan(1);
		const interrupted = await opened();
		const { session } = interrupted.shell;
		const { graph, inputs, outputs } = session;
		const digest = digestOf(graph);
		for (const stopAt of new Set([1, 2, Math.ceil(whole.pauses / 2), whole.pauses])) {
			Object.assign(interrupted, { pauses: 0, stopAt });
			expect((await interrupted.shell.error(line)).code).toBe('interrupted');
			expect(session.graph).toBe(graph);
			expect(session.history.steps).toHaveLength(1);
			expect([session.inputs, session.outputs]).toEqual([inputs, outputs]);
			expect(readJournal(interrupted.journal.path).at(-1)).toMatchObject({ step: 0, resumed: false });
		}
		expect(digestOf(graph)).toBe(digest);
		interrupted.stopAt = Number.POSITIVE_INFINITY;
		await interrupted.shell.run(line);
		expect(digestOf(session.graph)).toBe(digestOf(whole.shell.session.graph));
	});
});

/** Questions, and saving: what they find out on the way is kept with the graph, but never by halves. */
describe.each([
	'blocks',
	'check',
	'cone y',
	'counts',
	'eval y',
	'find',
	'find flops:>1',
	'ops',
	'outputs',
	'params',
	'save out.pb',
	'save out.pbtxt',
	'save served/',
	'tree --where op:Relu',
	'verify',
	'weights',
])('%s', (line) => {
	beforeEach(() => {
		vi.stubGlobal('performance', { now: advancing() });
	});

	afterEach(() => {
		vi.unstubAllGlobals();
	});

	it('stopped at any of its turns leaves all as it was, and answers the same when asked again', async () => {
		const whole = await changed();
		const expected = (await whole.shell.run(line)).answer;
		const { pauses } = whole;
		expect(pauses).toBeGreaterThan(0);
		for (const stopAt of new Set([1, Math.min(2, pauses), Math.ceil(pauses / 2), pauses])) {
			const interrupted = await changed();
			const { host, session } = interrupted.shell;
			const { graph } = session;
			const files = digestsOf(host.files);
			interrupted.stopAt = stopAt;
			expect((await interrupted.shell.error(line)).code).toBe('interrupted');
			expect([session.graph, session.saved, session.history.steps.length]).toEqual([graph, false, 2]);
			expect(digestsOf(host.files)).toEqual(files);
			interrupted.stopAt = Number.POSITIVE_INFINITY;
			expect((await interrupted.shell.run(line)).answer).toEqual(expected);
			expect(digestsOf(host.files)).toEqual(digestsOf(whole.shell.host.files));
		}
	});

	/** A changed graph of which nothing is known yet. */
	async function changed(): Promise<Stoppable> {
		const stoppable = interruptible({ 'long.pb': long });
		await stoppable.shell.run('open long.pb');
		await stoppable.shell.run('remove_device');
		stoppable.pauses = 0;
		return stoppable;
	}
});

it('a model whose reading is stopped leaves the one before, or none', async () => {
	let stopped = true;
	const pause = async (): Promise<void> => {
		if (stopped) throw new WhittleError('interrupted', 'Stopped.');
	};
	const shell = new TestShell({ 'long.pb': long }, { pause });
	vi.stubGlobal('performance', { now: advancing() });
	expect((await shell.error('open long.pb')).code).toBe('interrupted');
	expect(shell.session.isOpen).toBe(false);
	stopped = false;
	await shell.run('open mtcnn');
	await shell.run('remove_device');
	const { graph, model } = shell.session;
	stopped = true;
	expect((await shell.error('open long.pb --force')).code).toBe('interrupted');
	expect([shell.session.graph, shell.session.model]).toEqual([graph, model]);
	expect(shell.session.history.steps).toHaveLength(2);
	vi.unstubAllGlobals();
});
