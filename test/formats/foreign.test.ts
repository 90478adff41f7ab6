import { describe, expect, it } from 'vitest';
import { serializeGraphDef } from '../../src/formats/graph-def.ts';
import { openGraph } from '../../src/formats/index.ts';
import { WhittleError } from '../../src/graph/error.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';

function problem(bytes: Uint8Array | string): WhittleError {
	try {
		openGraph({ path: 'F', bytes: Buffer.from(bytes), isFolder: false });
	} catch (error) {
		if (error instanceof WhittleError) return error;
		throw error;
	}
	throw new Error('it opened');
}

const model = serializeGraphDef(buildMtcnn());

describe('opening a file', () => {
	it('tells formats apart by content', () => {
		const open = (bytes: Uint8Array) => openGraph({ path: 'F', bytes, isFolder: false });
		expect(open(model).format.name).toBe('GraphDef');
		expect(open(Buffer.from('# c\n\nnode { name: "a" op: "A" }')).format.name).toBe('GraphDef text');
		expect(open(Buffer.from('versions { producer: 3 }')).graph.nodes).toHaveLength(0);
		expect(open(Buffer.from('\ufeffnode { name: "a" op: "A" }')).graph.nodes).toHaveLength(1);
	});

	it.each<[string, Uint8Array | string]>([
		['an empty file', ''],
		['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'],
		['a web page', '\n<!DOCTYPE html>\n<html><head></head></html>'],
		['an XML file', '<?xml version="1.0"?><net name="model"/>'],
		['a TensorFlow.js model', '{"format": "graph-model", "modelTopology": {"node": []}}'],
		['a JSON file', '{"a": 1}'],
		['an ONNX model', Uint8Array.of(8, 7, 18, 7, ...Buffer.from('pytorch'), 58, 2, 10, 0, 66, 2, 16, 9)],
		['a TensorFlow Lite model', Uint8Array.of(28, 0, 0, 0, 84, 70, 76, 51, 0, 0, 18, 0)],
		['an HDF5 file', Uint8Array.of(0x89, 72, 68, 70, 13, 10, 26, 10, 0)],
		['a PyTorch model', Buffer.from('PK\x03\x04\0\0\b\b\0\0archive/data.pkl\x80\x02', 'latin1')],
		['a Keras archive', Buffer.from('PK\x03\x04\0\0\0\0metadata.json{', 'latin1')],
		['no intact zip file', Buffer.from('PK\x03\x04\0\0\0\0frozen.pb', 'latin1')],
		['no intact gzip file', Uint8Array.of(0x1f, 0x8b, 8, 0)],
		['a Python pickle', Uint8Array.of(0x80, 4, 0x95)],
		['a NumPy array', Buffer.from('\x93NUMPY\x01\0', 'latin1')],
		['a picture', Buffer.from('\x89PNG\r\n', 'latin1')],
		["a checkpoint's list of files", 'model_checkpoint_path: "model.ckpt-1"\n'],
		['no TensorFlow graph', 'hello world\n'],
		['no TensorFlow graph', Uint8Array.of(0xff, 0xfe, 0, 1)],
	])('calls it %s', (what, bytes) => {
		const { code, message, hint } = problem(bytes);
		expect(code).toBe('file');
		expect(message).toMatch(new RegExp(`^F is ${what}`));
		expect(hint).toBeTruthy();
	});

	it('says that a file is cut off, wherever it is cut', () => {
		for (const length of [3, 100, 5000, model.length - 1]) {
			expect(problem(model.subarray(0, length)).message).toBe(
				`F is cut off: the GraphDef goes on after its ${length} bytes.`,
			);
		}
	});

	it('says where a text goes wrong', () => {
		expect(problem('node {\n  nam: "x"\n}\n').message).toBe(
			'F is no valid GraphDef text. Line 2, column 3: Message type "tensorflow.NodeDef" has no field named "nam".',
		);
	});
});

describe('folders', () => {
	it('says what to do with one that holds no SavedModel', () => {
		const folder = { path: '.', bytes: new Uint8Array(0), isFolder: true };
		expect(() => openGraph(folder)).toThrow('. is a folder without a SavedModel in it.');
	});
});
