/** The configuration file: lines as they are typed in the shell, `set NAME VALUE` and `alias NAME LINE`. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from '../formats/file-error.ts';
import { WhittleError } from '../graph/error.ts';
import { configFile } from './places.ts';
import type { Session } from './session.ts';

/**
 * Applies the file, where there is one.
 * @returns one sentence for each line that cannot be meant; the others hold.
 */
export function applyConfig(session: Session, file: string = configFile()): string[] {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		return [fileError(`${file} cannot be read`, error).message];
	}
	const problems: string[] = [];
	text.split(/\r?\n/).forEach((line, i) => {
		const problem = applyLine(session, line.trim());
		if (problem !== undefined) problems.push(`${file}, line ${i + 1}: ${problem}`);
	});
	return problems;
}

function applyLine(session: Session, line: string): string | undefined {
	if (line === '' || line.startsWith('#')) return undefined;
	const [, word, name, value] = /^(\S+)(?:\s+(\S+)(?:\s+(.*))?)?$/.exec(line) ?? [];
	if (name === undefined || value === undefined || (word !== 'set' && word !== 'alias'))
		return `only \`set NAME VALUE\` and \`alias NAME LINE\` stand here, not \`${line}\``;
	if (word === 'alias') {
		session.aliases.set(name, value);
		return undefined;
	}
	try {
		session.settings.set(name, value);
		return undefined;
	} catch (error) {
		if (!(error instanceof WhittleError)) throw error;
		return [error.message, error.hint].filter(Boolean).join(' ');
	}
}

/**
 * Writes a line into the file, in place of the one about the same name.
 * @throws WhittleError `file` where it cannot be written.
 */
export function writeConfigLine(
	word: 'set' | 'alias',
	name: string,
	value: string,
	file = configFile(),
): void {
	try {
		const lines = readLines(file).filter((line) => !new RegExp(`^\\s*${word}\\s+${name}\\s`).test(line));
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(`${file}.new`, `${[...lines, `${word} ${name} ${value}`].join('\n')}\n`);
		renameSync(`${file}.new`, file);
	} catch (error) {
		throw fileError(`${file} cannot be written`, error);
	}
}

function readLines(file: string): string[] {
	try {
		return readFileSync(file, 'utf8').replace(/\n$/, '').split(/\r?\n/);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
}
