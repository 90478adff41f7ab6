/** Test material beside the repository: published graphs and what TensorFlow's tools made of them. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../shared/', import.meta.url));

/** A path inside `../shared`. */
export function sharedPath(...parts: readonly string[]): string {
	return root + parts.join('/');
}

/** Whether `../shared` is there; tests that need it skip on a clone without it, and say so. */
export const hasShared = existsSync(sharedPath('goldens', 'README.md'));

if (!hasShared) {
	process.stderr.write(`${root} is not there: tests against published graphs are skipped.\n`);
}
