import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

let root: string | undefined;

/** A file that whittle ships, by its path from the package's root; works from `src/` and from the bundle alike. */
export function packageFile(path: string): string {
	if (root === undefined) {
		let folder = new URL('.', import.meta.url);
		while (!existsSync(new URL('proto/ops.pb', folder))) {
			const up = new URL('..', folder);
			if (up.href === folder.href) throw new Error('whittle is not installed whole: proto/ops.pb is missing');
			folder = up;
		}
		root = fileURLToPath(folder);
	}
	return root + path;
}
