/** What the shell asks of the machine around it: folders, an editor. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expandHome } from '../formats/home-path.ts';

/** Names in a folder, folders with a `/` behind; `~` is somebody's home. */
export function listFolder(path: string): readonly string[] {
	try {
		return readdirSync(expandHome(path), { withFileTypes: true })
			.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
			.sort();
	} catch {
		return [];
	}
}

/** The line in somebody's editor; undefined when there is none or it fails. */
export function editText(text: string): string | undefined {
	const editor = process.env.VISUAL || process.env.EDITOR;
	if (!editor) return undefined;
	const folder = mkdtempSync(join(tmpdir(), 'whittle-'));
	const file = join(folder, 'line.whittle');
	try {
		writeFileSync(file, text);
		const done = spawnSync(editor, [file], { stdio: 'inherit', shell: true });
		return done.status === 0 ? readFileSync(file, 'utf8') : undefined;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
