/** Finds a checkpoint by whatever a person names: its prefix, one of its files, its folder, its list of files. */
import { basename, dirname, join } from 'node:path/posix';
import { WhittleError } from '../graph/error.ts';
import { Checkpoint } from './checkpoint.ts';
import type { CheckpointReader } from './checkpoint-reader.ts';
import { CheckpointV1 } from './checkpoint-v1.ts';
import type { FileSource } from './file-source.ts';
import { headText, isCheckpointIndex } from './sniff.ts';

/** The name of the file in which TensorFlow notes the newest checkpoint of a folder. */
const STATE = 'checkpoint';
/** A list of files is not longer. */
const LONGEST_STATE = 1 << 20;

/** @throws WhittleError `file` where there is none, or it is damaged. */
export function openCheckpoint(path: string, files: FileSource): CheckpointReader {
	const prefix = checkpointPrefix(path, files);
	if (prefix === undefined) {
		throw new WhittleError('file', `There is no checkpoint ${path}.`, {
			hint: 'Name its prefix (model.ckpt-1000), its .index file, or the folder with the file `checkpoint`.',
		});
	}
	return files.exists(`${prefix}.index`) ? new Checkpoint(prefix, files) : new CheckpointV1(prefix, files);
}

/** `PREFIX` of `PREFIX.index`, or the one file of a V1 checkpoint; undefined where nothing fits. */
export function checkpointPrefix(path: string, files: FileSource): string | undefined {
	const bare = path.replace(/\/+$/, '') || path;
	const known = [bare, bare.replace(/\.(index|meta|data-\d{5}-of-\d{5})$/, '')];
	for (const prefix of [...known, join(bare, 'variables', 'variables'), join(bare, 'variables')])
		if (files.exists(`${prefix}.index`)) return prefix;
	for (const state of [join(bare, STATE), ...(basename(bare) === STATE ? [bare] : [])]) {
		const named = newest(state, files);
		if (named !== undefined) return named;
	}
	return known.find((file) => isTable(file, files));
}

/** What the list of files names: beside the list, wherever the list was written. */
function newest(state: string, files: FileSource): string | undefined {
	if (!files.exists(state) || files.size(state) > LONGEST_STATE) return undefined;
	const text = headText(files.read(state));
	const named = /^\s*model_checkpoint_path\s*:\s*"([^"\\]+)"/m.exec(text ?? '')?.[1];
	if (named === undefined) return undefined;
	const places = named.startsWith('/') ? [named] : [join(dirname(state), named)];
	places.push(join(dirname(state), basename(named)));
	return places.find((prefix) => files.exists(`${prefix}.index`) || isTable(prefix, files));
}

function isTable(path: string, files: FileSource): boolean {
	if (!files.exists(path)) return false;
	const size = files.size(path);
	return size >= 48 && isCheckpointIndex(files.read(path, size - 48, size));
}
