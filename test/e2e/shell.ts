/** The shell in a terminal, for test files that type at it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import { builtProgram } from './program.ts';
import { type TerminalOptions, TestTerminal } from './terminal.ts';

export interface ShellOfTest {
	/** The path of a file in the folder of the test. */
	place(name: string): string;
	/** Starts the shell in that folder and waits for its first prompt. */
	start(args: readonly string[], options?: Partial<TerminalOptions>): Promise<TestTerminal>;
}

/** Each test of the file has a folder of its own, and its terminal ends with it. */
export function shellOfEachTest(): ShellOfTest {
	let program = '';
	let folder = '';
	let terminal: TestTerminal | undefined;

	beforeAll(async () => {
		program = await builtProgram();
	}, 120_000);
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'whittle-e2e-'));
	});
	afterEach(() => {
		terminal?.kill();
		rmSync(folder, { recursive: true, force: true });
	});

	return {
		place: (name) => join(folder, name),
		async start(args, options = {}) {
			const started = new TestTerminal([program, ...args], { cwd: folder, ...options });
			terminal = started;
			await started.until('prompt', () => started.cell > 0);
			return started;
		},
	};
}
