/** Whether a process that wrote something is still the one that has its number. */
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Clocks are set now and then; so many milliseconds may lie between two of them. */
const TOLERANCE = 60_000;
/** Ticks of a second in `/proc`, on every Linux that there is. */
const TICKS = 100;

/**
 * @param id the number of the process.
 * @param since when it was known to run, in milliseconds of the epoch: one that began later has got the number of
 * one that ended, as after a power cut.
 */
export function isStillRunning(id: number, since: number): boolean {
	try {
		process.kill(id, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
	}
	const begun = beginningOf(id);
	return begun !== undefined && begun <= since + TOLERANCE;
}

/** When a process began, as far as is known: where there is no `/proc`, when the machine did. undefined: it has ended. */
function beginningOf(id: number): number | undefined {
	const boot = Date.now() - uptime() * 1000;
	let text: string;
	try {
		text = readFileSync(`/proc/${id}/stat`, 'latin1');
	} catch {
		return boot;
	}
	// The name, in brackets, may hold anything.
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
	if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
	return boot + (Number(fields[19]) / TICKS) * 1000;
}
