/**
 * The user's own TensorFlow, when there is one: a graph, its inputs and the tensors wanted go to a Python process
 * (`WHITTLE_PYTHON`, else `python3`) as files in a folder of their own.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serializeGraphDef } from '../formats/graph-def.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { Feeds } from './executor.ts';
import { readNpz, writeNpz } from './npy.ts';
import { tensorName } from './plan.ts';

const SCRIPT = `
import json, os, sys, time
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
folder = sys.argv[1]
path = lambda name: os.path.join(folder, name)
def done(**answer):
    with open(path('answer.json'), 'w') as file: json.dump(answer, file)
    sys.exit(0)
try:
    import numpy as np
    import tensorflow as tf
except Exception as error:
    done(error='TensorFlow cannot be imported: ' + str(error))
request = json.load(open(path('request.json')))
try:
    graph_def = tf.compat.v1.GraphDef()
    graph_def.ParseFromString(open(path('graph.pb'), 'rb').read())
    for node in graph_def.node: node.device = ''
    graph = tf.Graph()
    with graph.as_default(): tf.import_graph_def(graph_def, name='')
    arrays = np.load(path('feeds.npz'))
    feeds = {name: arrays['f%d' % i] for i, name in enumerate(request['feeds'])}
    micros = []
    with tf.compat.v1.Session(graph=graph) as session:
        values = session.run(request['fetches'], feeds)
        for _ in range(request['runs']):
            start = time.perf_counter()
            session.run(request['fetches'], feeds)
            micros.append(round((time.perf_counter() - start) * 1e6))
    np.savez(path('values.npz'), **{'v%d' % i: value for i, value in enumerate(values)})
    done(micros=micros, version=tf.__version__)
except Exception as error:
    done(error=str(error).split('\\n')[0])
`;

export interface TensorflowAnswer {
	readonly values: readonly TensorValue[];
	/** Whole microseconds of each timed run. */
	readonly micros: readonly number[];
	readonly version: string;
}

/**
 * @param options.runs timed runs after a first one; 0 for the values alone.
 * @throws WhittleError `evaluate` with Python's or TensorFlow's message, `interrupted` when the signal comes.
 */
export async function runTensorflow(
	graph: Graph,
	feeds: Feeds,
	fetches: readonly string[],
	options: { readonly runs?: number; readonly signal?: AbortSignal } = {},
): Promise<TensorflowAnswer> {
	const folder = mkdtempSync(join(tmpdir(), 'whittle-'));
	try {
		const names = [...feeds.keys()].map(tensorName);
		const request = { feeds: names, fetches: fetches.map(tensorName), runs: options.runs ?? 0 };
		writeFileSync(join(folder, 'request.json'), JSON.stringify(request));
		writeFileSync(join(folder, 'graph.pb'), serializeGraphDef(graph));
		const arrays = new Map([...feeds.values()].map((value, i) => [`f${i}`, value]));
		writeFileSync(join(folder, 'feeds.npz'), writeNpz(arrays));
		writeFileSync(join(folder, 'run.py'), SCRIPT);
		await runPython(join(folder, 'run.py'), folder, options.signal);
		const answer = JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8')) as {
			error?: string;
			micros: number[];
			version: string;
		};
		if (answer.error !== undefined)
			throw new WhittleError('evaluate', `TensorFlow could not run the graph: ${answer.error}`);
		const values = readNpz(readFileSync(join(folder, 'values.npz')), 'the values from TensorFlow');
		return { ...answer, values: fetches.map((_fetch, i) => values.get(`v${i}`)!) };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function runPython(script: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
	const python = process.env.WHITTLE_PYTHON ?? 'python3';
	return new Promise((resolve, reject) => {
		const child = spawn(python, [script, folder], { stdio: 'ignore', ...(signal ? { signal } : {}) });
		child.on('error', (cause) => {
			if (signal?.aborted) return reject(new WhittleError('interrupted', 'Stopped.'));
			reject(
				new WhittleError('evaluate', `Python cannot be started: ${python}: ${cause.message}`, {
					hint: 'WHITTLE_PYTHON names the Python that has TensorFlow.',
					cause,
				}),
			);
		});
		child.on('exit', (code) => {
			if (code === 0) return resolve();
			reject(new WhittleError('evaluate', `Python (${python}) ended with code ${code}.`));
		});
	});
}
