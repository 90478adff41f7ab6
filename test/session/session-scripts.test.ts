import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestWarning, readScript } from '../../src/commands/session-script.ts';
import { packageFile } from '../../src/graph/package-file.ts';
import { TestShell } from '../commands/shell.ts';

const folder = packageFile('sessions');
const scripts = readdirSync(folder).filter((name) => name.endsWith('.whittle'));

describe('the example sessions', () => {
	it('are there', () => {
		expect(scripts).toContain('mtcnn-quantize.whittle');
	});

	it.each(scripts)('%s replays on the bundled model that it was made on', async (name) => {
		const text = readFileSync(`${folder}/${name}`, 'utf8');
		const shell = new TestShell({ [name]: text });
		const { cells, exitCode } = await shell.script(text);
		const failed = cells.find((cell) => !cell.ok);
		expect(failed && !failed.ok ? `line ${failed.line}: ${failed.error.message}` : '').toBe('');
		expect(exitCode).toBe(0);
		expect(digestWarning(shell.session, readScript(shell.session, name))).toBeUndefined();
	});
});
