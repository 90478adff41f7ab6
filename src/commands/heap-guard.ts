/** Long work stops before the memory ends: Node would end the whole program, and with it what nobody has saved. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WhittleError } from '../graph/error.ts';
import { humanBytes } from '../inspect/humanize.ts';

/** Bytes that Node keeps for what was just made; what lives on has the rest. */
const YOUNG = 48 * 2 ** 20;
/** Shares of the heap's limit. Above the first it is looked what is garbage; above the second work stops. */
const ALARM = 0.85;
const FULL = 0.8;
/** After a collection that helped, so many bytes may be made before the next look. */
const PATIENCE = 0.05;

let looked = 0;
let collect: (() => void) | undefined;

/** @throws WhittleError `memory` where what is alive leaves too little of the heap to go on. */
export function refuseFullHeap(): void {
	const { used_heap_size: used, heap_size_limit } = getHeapStatistics();
	const limit = heap_size_limit - YOUNG;
	if (used < ALARM * limit || (looked > 0 && used < looked + PATIENCE * limit)) return;
	collectGarbage();
	const alive = getHeapStatistics().used_heap_size;
	looked = alive;
	if (alive < FULL * limit) return;
	looked = 0;
	throw new WhittleError(
		'memory',
		`This needs more than the ${humanBytes(limit)} of memory that Node gives.`,
		{
			hint: `The graph is as it was. Start with NODE_OPTIONS=--max-old-space-size=${suggestion(limit)} (megabytes).`,
		},
	);
}

function suggestion(limit: number): number {
	return 2 ** Math.ceil(Math.log2((limit * 3) / 2 ** 20));
}

/** What `node --expose-gc` gives, asked for when it is needed. */
function collectGarbage(): void {
	if (!collect) {
		setFlagsFromString('--expose-gc');
		collect = runInNewContext('gc') as () => void;
	}
	collect();
}
