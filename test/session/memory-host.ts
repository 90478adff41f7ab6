/** A host whose files live in memory; `mtcnn` is the bundled model. */
import { createHash } from 'node:crypto';
import { readingGraphDef, serializeGraphDef } from '../../src/formats/graph-def.ts';
import { WhittleError } from '../../src/graph/error.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type { Work } from '../../src/graph/progress.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';
import type { Host, OpenModel } from '../../src/session/host.ts';

let mtcnn: Uint8Array | undefined;

export class MemoryHost implements Host {
	readonly files = new Map<string, Uint8Array>();

	constructor(files: Readonly<Record<string, Graph | string>> = {}) {
		for (const [name, content] of Object.entries(files)) {
			this.files.set(name, typeof content === 'string' ? Buffer.from(content) : serializeGraphDef(content));
		}
	}

	*reading(path: string): Work<OpenModel> {
		if (path === 'mtcnn' && !this.files.has(path)) mtcnn ??= serializeGraphDef(buildMtcnn());
		const bytes = path === 'mtcnn' && mtcnn ? mtcnn : this.readFile(path);
		return {
			path,
			format: 'GraphDef',
			graph: yield* readingGraphDef(bytes),
			fileBytes: bytes.length,
			digest: () => createHash('sha256').update(bytes).digest('hex'),
		};
	}

	readFile(path: string): Uint8Array {
		const bytes = this.files.get(path);
		if (!bytes) throw new WhittleError('file', `${path}; No such file or directory`);
		return bytes;
	}

	*readingFile(path: string): Work<Uint8Array> {
		yield { done: 0, total: 1 };
		return this.readFile(path);
	}

	*writingFile(path: string, pieces: readonly Uint8Array[], options: { force?: boolean } = {}): Work<void> {
		if (this.files.has(path) && !options.force)
			throw new WhittleError('file', `${path} exists.`, { hint: '--force overwrites it.' });
		for (const done of pieces.keys()) yield { done, total: pieces.length };
		this.files.set(path, Buffer.concat(pieces));
	}

	exists(path: string): boolean {
		return this.files.has(path);
	}

	/** A written file as text. */
	text(path: string): string {
		return Buffer.from(this.readFile(path)).toString();
	}
}
