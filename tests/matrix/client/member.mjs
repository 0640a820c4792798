// A member whose client nobody here wrote: told what to do in JSON lines on standard input, telling what it sees on standard output.
import readline from "node:readline";

Promise.withResolvers ??= function () {
    // Node 20 has it not yet
    const made = {};
    made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
    return made;
};
for (const level of ["log", "info", "debug", "trace"]) console[level] = () => {};
console.warn = console.error = (...words) => process.stderr.write(words.map(String).join(" ") + "\n");

const sdk = await import("matrix-js-sdk");
const { logger } = await import("matrix-js-sdk/lib/logger.js");
const { VerificationPhase, VerificationRequestEvent, VerifierEvent } = await import("matrix-js-sdk/lib/crypto-api/index.js");
logger.setLevel?.("silent");

const tell = (what) => process.stdout.write(JSON.stringify(what) + "\n");
let client, crypto;

const show = async (event) => {
    const room = event.getRoomId();
    const shield = event.isEncrypted() ? await crypto.getEncryptionInfoForEvent(event) : null;
    tell({
        heard: event.getId(),
        room,
        sender: event.getSender(),
        type: event.getType(),
        content: event.getContent(),
        encrypted: event.isEncrypted(),
        readable: !event.isDecryptionFailure(),
        shield: shield && { colour: shield.shieldColour, reason: shield.shieldReason },
    });
};

// What it can be told to do; each answers something.
const verbs = {
    async start({ url, user, token, device }) {
        client = sdk.createClient({ baseUrl: url, userId: user, accessToken: token, deviceId: device });
        await client.initRustCrypto({ useIndexedDB: false });
        crypto = client.getCrypto();
        crypto.setTrustCrossSignedDevices(true);
        await crypto.bootstrapCrossSigning({ authUploadDeviceSigningKeys: (upload) => upload(null) });
        const shown = new Set();
        client.on(sdk.RoomEvent.Timeline, async (event, _room, toStart) => {
            if (toStart || event.getType() === "m.room.encrypted" || event.isState()) return;
            if (event.isEncrypted() && event.isBeingDecrypted()) return;
            shown.add(event.getId());
            await show(event);
        });
        client.on(sdk.MatrixEventEvent.Decrypted, async (event) => {
            if (event.isDecryptionFailure()) return tell({ unreadable: event.getId(), room: event.getRoomId() });
            if (shown.has(event.getId())) return;
            shown.add(event.getId());
            await show(event);
        });
        client.on(sdk.RoomMemberEvent.Membership, (_event, member) => {
            if (member.userId === user && member.membership === "invite") tell({ invited: member.roomId });
        });
        const ready = new Promise((resolve) => client.once(sdk.ClientEvent.Sync, resolve));
        await client.startClient({ initialSyncLimit: 20, lazyLoadMembers: false });
        await ready;
        return { device: client.getDeviceId() };
    },
    join: async ({ room }) => (await client.joinRoom(room)).roomId,
    create: async ({ invite }) =>
        (
            await client.createRoom({
                preset: "private_chat",
                invite,
                initial_state: [
                    { type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } },
                ],
            })
        ).room_id,
    // Whether that person is in the room and a device of theirs is known: what it takes to be read.
    async meets({ room, who }) {
        while (true) {
            const joined = client.getRoom(room)?.getMember(who)?.membership === "join";
            if (joined && (await crypto.getUserDeviceInfo([who], true)).get(who)?.size) return true;
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    },
    send: async ({ room, content }) => (await client.sendMessage(room, content)).event_id,
    react: async ({ room, event, key }) =>
        (await client.sendEvent(room, "m.reaction", { "m.relates_to": { rel_type: "m.annotation", event_id: event, key } }))
            .event_id,
    async trust({ user, device }) {
        await crypto.getUserDeviceInfo([user], true);
        const status = await crypto.getDeviceVerificationStatus(user, device);
        return (
            status && {
                signedByOwner: status.signedByOwner,
                crossSigningVerified: status.crossSigningVerified,
                isVerified: status.isVerified(),
            }
        );
    },
    // By emoji: asks the other device, compares nothing itself (the test does), says what it saw and whether all went well.
    async verify({ user, device, room }) {
        const request = room
            ? await crypto.requestVerificationDM(user, room)
            : await crypto.requestDeviceVerification(user, device);
        const phase = (wanted) =>
            new Promise((resolve, reject) => {
                const look = () => {
                    if (request.phase === wanted) resolve();
                    else if (request.phase === VerificationPhase.Cancelled) reject(new Error(`called off: ${request.cancellationCode}`));
                };
                request.on(VerificationRequestEvent.Change, look);
                look();
            });
        await phase(VerificationPhase.Ready);
        const verifier = await request.startVerification("m.sas.v1");
        let emoji = [];
        verifier.on(VerifierEvent.ShowSas, ({ sas, confirm }) => {
            emoji = sas.emoji.map(([symbol, word]) => `${symbol} ${word}`);
            tell({ compare: emoji });
            confirm();
        });
        await verifier.verify();
        await phase(VerificationPhase.Done);
        return { emoji };
    },
    stop: async () => {
        client?.stopClient();
        setTimeout(() => process.exit(0), 50);
    },
};

for await (const line of readline.createInterface({ input: process.stdin })) {
    const { number, verb, ...what } = JSON.parse(line);
    verbs[verb](what).then(
        (answer) => tell({ answer: answer ?? null, number }),
        (problem) => tell({ failed: String(problem?.stack ?? problem), number }),
    );
}
