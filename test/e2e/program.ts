/** The program as it is published: `dist/cli.js`, built anew where the sources are younger. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { packageFile } from '../../src/graph/package-file.ts';

/** Another build to test, for whoever has one. */
const given = process.env.WHITTLE_PROGRAM;
const built = packageFile('dist/cli.js');

/** @returns the path of the program. Test files that run side by side build it once. */
export async function builtProgram(): Promise<string> {
	if (given) return given;
	const lock = packageFile('node_modules/.building-whittle');
	while (!take(lock)) await setTimeout(200);
	try {
		if (isStale()) execFileSync(process.execPath, [packageFile('scripts/build.mjs')], { stdio: 'inherit' });
	} finally {
		rmdirSync(lock);
	}
	return built;
}

function isStale(): boolean {
	if (!existsSync(built)) return true;
	const made = statSync(built).mtimeMs;
	return ['src', 'proto', 'scripts/build.mjs'].some((name) => newest(packageFile(name)) > made);
}

/** When the newest file of a folder was written. */
function newest(path: string): number {
	const status = statSync(path);
	if (!status.isDirectory()) return status.mtimeMs;
	return readdirSync(path, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

/** Five minutes is longer than any build: a lock that old was left by a run that was killed. */
const STALE_LOCK = 300_000;

function take(lock: string): boolean {
	try {
		mkdirSync(lock);
		return true;
	} catch {
		const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
		if (since !== undefined && Date.now() - since > STALE_LOCK) rmdirSync(lock);
		return false;
	}
}
