/** Files that people open by mistake, and what to do about each. */
import { WhittleError } from '../graph/error.ts';
import type { ModelSource } from './define.ts';
import { firstWord, headText, isCheckpointIndex, isOnnx, startsWith } from './sniff.ts';

interface ForeignFormat {
	/** Completes "F is …". */
	readonly what: string;
	/** What to do. */
	readonly hint: string;
	/** @param text the file's beginning when it is text. */
	sniff(bytes: Uint8Array, text: string | undefined): boolean;
}

const source =
	'whittle opens the TensorFlow graph that it was made from: a GraphDef (.pb, .pbtxt) or a SavedModel.';
const download = 'Download the file itself: on GitHub use the Raw button or the release page.';

const foreign: readonly ForeignFormat[] = [
	{
		what: 'an empty file',
		hint: 'Was the download or the export cut short?',
		sniff: (bytes) => bytes.length === 0,
	},
	{
		what: 'a Git LFS pointer, not the model itself',
		hint: 'Run `git lfs pull` in that repository, then open it again.',
		sniff: (bytes) => startsWith(bytes, 'version https://git-lfs'),
	},
	{
		what: 'a web page',
		hint: download,
		sniff: (_bytes, text) => /^\s*<(!doctype html|html|head|body)\b/i.test(text ?? ''),
	},
	{
		what: 'an XML file',
		hint: source,
		sniff: (_bytes, text) => /^\s*<\?xml\b/.test(text ?? ''),
	},
	{
		what: 'a TensorFlow.js model',
		hint: source,
		sniff: (_bytes, text) =>
			/^\s*\{/.test(text ?? '') &&
			/"(modelTopology|weightsManifest)"|"format"\s*:\s*"graph-model"/.test(text!),
	},
	{
		what: 'a JSON file',
		hint: source,
		sniff: (_bytes, text) => /^\s*[{[]\s*["{[\]}]/.test(text ?? ''),
	},
	{
		what: "a checkpoint's list of files",
		hint: 'Open the `.meta` file beside it, or the GraphDef; `ckpt FILE` lists what is in the checkpoint.',
		sniff: (_bytes, text) => firstWord(text ?? '') === 'model_checkpoint_path',
	},
	{
		what: 'an ONNX model',
		hint: source,
		sniff: (bytes, text) => text === undefined && isOnnx(bytes),
	},
	{
		what: 'a TensorFlow Lite model',
		hint: source,
		sniff: (bytes) => startsWith(bytes, 'TFL', 4),
	},
	{
		what: 'an HDF5 file, as Keras writes them',
		hint: `Load it in Keras and export it with model.export('folder'). ${source}`,
		sniff: (bytes) => startsWith(bytes, '\x89HDF\r\n\x1a\n'),
	},
	{
		what: 'a PyTorch model',
		hint: source,
		sniff: (bytes) =>
			(startsWith(bytes, 'PK\x03\x04') && Buffer.from(bytes.subarray(0, 256)).includes('data.pkl')) ||
			startsWith(bytes, [0x80, 0x02, 0x8a]),
	},
	{
		what: 'a Keras archive',
		hint: `Load it in Keras and export it with model.export('folder'). ${source}`,
		sniff: (bytes) =>
			startsWith(bytes, 'PK\x03\x04') &&
			/metadata\.json|config\.json|model\.weights/.test(
				Buffer.from(bytes.subarray(0, 256)).toString('latin1'),
			),
	},
	{
		what: 'a zip archive without a TensorFlow graph in it',
		hint: source,
		sniff: (bytes) => startsWith(bytes, 'PK\x03\x04') || startsWith(bytes, 'PK\x05\x06'),
	},
	{
		what: 'a gzip-compressed archive',
		hint: 'Unpack it (`tar xzf`) and open the model inside.',
		sniff: (bytes) => startsWith(bytes, [0x1f, 0x8b]),
	},
	{
		what: 'a Python pickle',
		hint: source,
		sniff: (bytes) => bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5,
	},
	{
		what: 'a NumPy array',
		hint: source,
		sniff: (bytes) => startsWith(bytes, '\x93NUMPY'),
	},
	{
		what: 'the index of a checkpoint, which holds no graph',
		hint: 'Open the `.meta` file beside it, or the GraphDef; `ckpt FILE` lists what is in the checkpoint.',
		sniff: (bytes) => isCheckpointIndex(bytes),
	},
	{
		what: 'a picture',
		hint: source,
		sniff: (bytes) => startsWith(bytes, '\x89PNG') || startsWith(bytes, [0xff, 0xd8, 0xff]),
	},
];

/** A zip archive that is the file of another library, whatever lies in it. */
export function isForeignArchive({ bytes }: ModelSource): boolean {
	return foreign.some(({ what, sniff }) => /PyTorch|Keras archive/.test(what) && sniff(bytes, undefined));
}

/** What a file is when it is none of ours: an error that says so; undefined for a file that nobody knows. */
export function foreignFile({ path, bytes, isFolder }: ModelSource): WhittleError | undefined {
	if (isFolder) return undefined;
	const text = headText(bytes);
	const found = foreign.find((format) => format.sniff(bytes, text));
	return found && new WhittleError('file', `${path} is ${found.what}.`, { hint: found.hint });
}
