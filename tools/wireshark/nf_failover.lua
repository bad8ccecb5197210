-- SPDX-License-Identifier: GPL-2.0
--
-- Wireshark dissector for the link between the two units of nf_failover.
--
--   tshark -X lua_script:nf_failover.lua -i eth3
--   tshark -X lua_script:nf_failover.lua -r link.pcap -Y nf_failover.hello
--
-- The wire is described in Documentation/protocol.rst. The header is always
-- readable; bodies are when the link is in clear text ("failover key none"), or
-- when a key log is given (preference nf_failover.keylog; see ./keylog).
--
-- All of it is tables: numbers and their names, which selftests/dissector/run
-- compares with kmod/wire.h and the netlink header, and what each attribute and
-- record consists of.

local bits = bit32 or bit
local proto = Proto("nf_failover", "nf_failover link")

local HEADER, TAG = 16, 16
local ETHERTYPE = 0x88b5
local PORT = 7789

-- Numbers and names ----------------------------------------------------------

-- enum(NAME, FIRST, WORD...): an enumeration, counted from FIRST.
local function enum(_, first, ...)
    local t = {}
    for i, word in ipairs({...}) do t[first + i - 1] = word end
    return t
end

-- flags(NAME, WORD...): the same of bits, from the lowest.
local function flags(_, ...)
    return {...}
end

local TYPE = enum("fo_frame_type", 1, "HAND", "HELLO", "DATA", "ACK", "NOISE", "MSG", "ECHO")
local HAND_OP = enum("fo_hand_op", 1, "SOLICIT", "INIT", "RESP")
local HAND = enum("fo_hand_attr", 1, "OP", "UNIT", "ASSOC", "BOOT", "CAPS", "VERSION",
    "MTU", "INDEX", "STAMP", "DIGEST")
local CAP = flags("fo_cap", "SEALED", "OTHER_KEY")
local HELLO = enum("fo_hello_attr", 1, "ROLE", "STATE", "EPOCH", "FLAGS", "ACTIVE_TIME",
    "OBJECTS", "IFC", "REQUEST", "LISTS", "HISTORY", "DIGEST", "SETTING", "TRACK",
    "HELPER", "REPORTS", "UP_TIME", "REFUSED")
local SETTING = enum("fo_setting_id", 1, "VERSION", "POLL", "IFC_POLL", "IFC_POLICY",
    "REPLICATION", "RECONNECT", "MAC_AUTO", "EXEC_CLEAR", "LINKS", "LINK_NAME", "LINK_MTU",
    "LINK_ADDR", "IFCS", "IFC_MODE", "IFC_MONITOR", "IFC_MAC", "IFC_ADDRS", "IFC_ADDR",
    "LINK_TRANSPORT", "LINK_PORT", "TRACKS", "IPSEC", "FILTERS", "GTP")
local HELLO_FLAG = flags("fo_hello_flag", "DAEMON", "WANTS_ACTIVE", "SYNCED", "RESYNC",
    "MORE_IFCS", "UNFIT", "HOLD_DOWN", "HANDOVER")
local CLASS = enum("fo_wire_class", 0, "CONTROL", "CT", "STATION", "MSG",
    "NEIGH", "OBJECT", "SA", "EXPECT", "SECMARK")
local CONTROL_OP = enum("fo_control_op", 1, "BULK_BEGIN", "BULK_END")
local CT_OP = enum("fo_ct_op", 1, "CREATE", "UPDATE", "DELETE")
local CT = enum("fo_ct_attr", 1, "TUPLE4", "TUPLE6", "NAT", "STATUS", "TIMEOUT", "TCP",
    "MARK", "ZONE", "LABELS", "SEQADJ", "START", "ACCT", "SCTP", "HELPER", "MASTER", "DCCP",
    "SECMARK")
local CT_NAT = flags("fo_ct_nat", "SADDR", "DADDR", "SPORT", "DPORT")
local SECMARK_OP = enum("fo_secmark_op", 1, "NAME")
local STATION_OP = enum("fo_station_op", 1, "SEEN")
local NEIGH_OP = enum("fo_neigh_op", 1, "SEEN4", "SEEN6")
local OBJECT_OP = enum("fo_object_op", 1, "PUT", "DELETED", "EXPIRED", "SECRET")
local SA_OP = enum("fo_sa_op", 1, "USED4", "USED6")
local SA_FLAG = flags("fo_sa_flag", "IN", "MARK", "IF_ID")
local EXPECT_OP = enum("fo_expect_op", 1, "LIST", "SIP", "PPTP", "H323")
local EXPECT = enum("fo_expect_attr", 1, "ENTRY")
local ENTRY = enum("fo_expect_entry_attr", 1, "TUPLE4", "TUPLE6", "CLASS", "FLAGS", "FN", "NAT",
    "HELPER", "TIMEOUT")
local MSG_OP = enum("fo_msg_op", 1, "PART", "ACK")
local ECHO_OP = enum("fo_echo_op", 1, "REQUEST", "REPLY")

local UNIT = enum("nf_failover_unit", 0, "UNSET", "PRIMARY", "SECONDARY")
local ROLE = enum("nf_failover_role", 0, "STANDBY", "ACTIVE")
local STATE = enum("nf_failover_state", 0, "DISABLED", "NEGOTIATION", "COLD_STANDBY",
    "SYNC_CONFIG", "BULK_SYNC", "STANDBY_READY", "JUST_ACTIVE", "ACTIVE_DRAIN",
    "ACTIVE_APPLYING_CONFIG", "ACTIVE_CONFIG_APPLIED", "ACTIVE", "FAILED", "NOT_DETECTED")
local IFSTATUS = enum("nf_failover_ifstatus", 0, "UNKNOWN", "NORMAL", "WAITING", "TESTING",
    "FAILED", "NO_LINK", "LINK_DOWN", "UNMONITORED")
local ASK = enum("nf_failover_ask", 0, "ACTIVE", "STANDBY", "RESET", "RELOAD")
local KIND = enum("nf_failover_history_kind", 0, "MOVED", "ENABLED", "DISABLED", "FENCED",
    "PEER_LOST", "DAEMON_GONE", "HANDOVER_GIVEN", "HANDOVER_TAKEN", "HANDOVER_FAILED",
    "LINK_SHARED", "CONFIG_DIFFERS", "INTERFACE", "TRACK")
local MSG_KIND = enum("nf_failover_msg_kind", 0, "REQUEST", "REPLY", "DONE")
local MSG_RESULT = enum("nf_failover_msg_result", 0, "DELIVERED", "NO_LISTENER", "NO_TALK",
    "CLEAR_TEXT", "LOST", "TIMEOUT")

-- Fields -------------------------------------------------------------------

local all = {}

local function keep(field)
    all[#all + 1] = field
    return field
end

local P = "nf_failover."
local function u8(name, title, values) return keep(ProtoField.uint8(P .. name, title, base.DEC, values)) end
local function u16(name, title) return keep(ProtoField.uint16(P .. name, title)) end
local function u32(name, title, how) return keep(ProtoField.uint32(P .. name, title, how or base.DEC)) end
local function u64(name, title, how) return keep(ProtoField.uint64(P .. name, title, how or base.DEC)) end
local function text(name, title) return keep(ProtoField.string(P .. name, title)) end
local function bytes(name, title) return keep(ProtoField.bytes(P .. name, title)) end
local function mac(name, title) return keep(ProtoField.ether(P .. name, title)) end
local function ipv4(name, title) return keep(ProtoField.ipv4(P .. name, title)) end
local function ipv6(name, title) return keep(ProtoField.ipv6(P .. name, title)) end
local function none(name, title) return keep(ProtoField.none(P .. name, title)) end

local f_version = u8("version", "Version")
local f_type = u8("type", "Type", TYPE)
local f_len = u16("len", "Length")
local f_index = u32("index", "Receiver's index", base.HEX)
local f_counter = u64("counter", "Counter")
local f_tag = bytes("tag", "Tag")
local f_crc = u32("crc", "CRC-32C", base.HEX)
local f_sealed = bytes("sealed", "Sealed body")
local f_ephemeral = bytes("noise.ephemeral", "Ephemeral key")
local f_payload = bytes("noise.payload", "Encrypted payload")
local f_cum = u64("ack.cum", "All up to")
local f_sack = u64("ack.sack", "And behind the gap", base.HEX)
local f_hand = none("hand", "Handshake")
local f_hello = none("hello", "Hello")
local f_ack = none("ack", "Acknowledgment")
local f_record = none("record", "Record")
local f_class = u8("record.class", "Class", CLASS)
local f_op = u8("record.op", "Operation")
local f_unknown = bytes("unknown", "Unknown, skipped")

local e_short = ProtoExpert.new(P .. "malformed", "It is shorter than what it must hold",
    expert.group.MALFORMED, expert.severity.ERROR)
local e_crc = ProtoExpert.new(P .. "crc.bad", "The checksum is wrong",
    expert.group.CHECKSUM, expert.severity.ERROR)
local e_version = ProtoExpert.new(P .. "version.other", "Another version of the protocol",
    expert.group.UNDECODED, expert.severity.WARN)
local e_unknown = ProtoExpert.new(P .. "unknown.skipped", "Of a later version: skipped",
    expert.group.UNDECODED, expert.severity.NOTE)

-- A cursor over bytes, within bounds -------------------------------------------

local SHORT = "short"
local Reader = {}
Reader.__index = Reader

local function reader(tvb, from, to)
    return setmetatable({tvb = tvb, at = from, stop = to}, Reader)
end

function Reader:left() return self.stop - self.at end

-- take(N): the range of the next N bytes.
function Reader:take(n)
    if n > self:left() then error(SHORT, 0) end
    local range = self.tvb(self.at, n)
    self.at = self.at + n
    return range
end

function Reader:u8() return self:take(1):uint() end

function Reader:sub(n)
    local from = self.at
    if n > self:left() then error(SHORT, 0) end
    self.at = self.at + n
    return reader(self.tvb, from, self.at)
end

-- var(): a varint as UInt64, and its range.
function Reader:var()
    local from, value = self.at, UInt64(0)
    for shift = 0, 63, 7 do
        local b = self:u8()
        if shift == 63 and b > 1 then break end
        value = value + UInt64(b % 128):lshift(shift)
        if b < 128 then return value, self.tvb(from, self.at - from) end
    end
    error(SHORT, 0)
end

-- Steps: what a field is made of, and how it is read ------------------------------

local function flag_words(value, words)
    local t = {}
    for i, word in ipairs(words) do
        if math.floor(value / 2 ^ (i - 1)) % 2 == 1 then t[#t + 1] = word end
    end
    return #t > 0 and table.concat(t, ", ") or "none"
end

-- Each maker returns a function (TREE, READER, CONTEXT) that adds one field; what it
-- returns is a summary.
local function fixed(n, field, values)
    return function(tree, r)
        local range = r:take(n)
        tree:add(field, range)
        if n > 4 then return tostring(range:bytes()) end
        return values and values[range:uint()] or tostring(range:uint())
    end
end

local function varint(field, words)
    return function(tree, r)
        local value, range = r:var()
        local item = tree:add(field, range, value)
        if not words then return tostring(value) end
        local said = flag_words(value:tonumber(), words)
        item:append_text(" (" .. said .. ")")
        return said
    end
end

local function rest(field)
    return function(tree, r)
        local range = r:take(r:left())
        tree:add(field, range)
        return range:len() > 0 and range:string() or ""
    end
end

-- The same of a text behind a byte with its length, which may not be the last.
local function counted(field)
    local whole = rest(field)
    return function(tree, r) return whole(tree, r:sub(r:u8())) end
end

local function raw(field)
    return function(tree, r)
        local n = r:left()
        if n > 0 then tree:add(field, r:take(n)) end
        return n .. " bytes"
    end
end

-- run(STEPS, ...): all of them; returns the summaries.
local function run(steps, tree, r, context)
    local said = {}
    for i, step in ipairs(steps) do said[i] = step(tree, r, context) end
    return said
end

-- Connections ---------------------------------------------------------------

local PROTOCOL = {[1] = "icmp", [6] = "tcp", [17] = "udp", [33] = "dccp", [47] = "gre",
    [58] = "icmpv6", [132] = "sctp"}
local TCP = {[0] = "NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT",
    "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2"}
local STATUS = {"EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED", "SRC_NAT", "DST_NAT",
    "SEQ_ADJUST", "SRC_NAT_DONE", "DST_NAT_DONE", "DYING", "FIXED_TIMEOUT"}
local SCTP = {[0] = "NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED",
    "SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT"}
local DCCP = {[0] = "NONE", "REQUEST", "RESPOND", "PARTOPEN", "OPEN", "CLOSEREQ", "CLOSING",
    "TIMEWAIT"}
local DCCP_ROLE = {[0] = "client", "server"}
local TCP_FLAG = {"WINDOW_SCALE", "SACK_PERM", "CLOSE_INIT", "BE_LIBERAL"}

local f_proto = u8("ct.proto", "Protocol", PROTOCOL)
local f_src4, f_dst4 = ipv4("ct.src4", "Source"), ipv4("ct.dst4", "Destination")
local f_src6, f_dst6 = ipv6("ct.src6", "Source"), ipv6("ct.dst6", "Destination")
local f_sport, f_dport = u16("ct.sport", "Source port or id"),
    u16("ct.dport", "Destination port, or type and code")
local f_nat = u8("ct.nat", "Fields of the reply that differ")
local f_rsrc4, f_rdst4 = ipv4("ct.reply.src4", "Reply source"),
    ipv4("ct.reply.dst4", "Reply destination")
local f_rsrc6, f_rdst6 = ipv6("ct.reply.src6", "Reply source"),
    ipv6("ct.reply.dst6", "Reply destination")
local f_rsport, f_rdport = u16("ct.reply.sport", "Reply source port"),
    u16("ct.reply.dport", "Reply destination port")
local f_scale1, f_scale2 = u8("ct.tcp.wscale.orig", "Window scale, original"),
    u8("ct.tcp.wscale.reply", "Window scale, reply")

local function tuple(size, source, destination)
    return function(tree, r, context)
        local number = r.tvb(r.at, 1)
        context.size = size
        context.proto = PROTOCOL[r:u8()] or number:uint()
        tree:add(f_proto, number)
        local from, to = r:take(size), r:take(size)
        tree:add(source, from)
        tree:add(destination, to)
        local sport, dport = r:take(2), r:take(2)
        tree:add(f_sport, sport)
        tree:add(f_dport, dport)
        local ip = size == 4 and "ipv4" or "ipv6"
        return string.format("%s %s:%d > %s:%d", context.proto, tostring(from[ip](from)),
            sport:uint(), tostring(to[ip](to)), dport:uint())
    end
end

-- The fields that are there, in the order of the bits.
local function nat(tree, r, context)
    local range = r:take(1)
    local value = range:uint()
    tree:add(f_nat, range):append_text(" (" .. flag_words(value, CT_NAT) .. ")")
    local size = context.size
    if not size then error(SHORT, 0) end
    local parts = {{size, size == 4 and f_rsrc4 or f_rsrc6},
        {size, size == 4 and f_rdst4 or f_rdst6}, {2, f_rsport}, {2, f_rdport}}
    for i, part in ipairs(parts) do
        if math.floor(value / 2 ^ (i - 1)) % 2 == 1 then tree:add(part[2], r:take(part[1])) end
    end
    return flag_words(value, CT_NAT)
end

local function scales(tree, r)
    local range = r:take(1)
    tree:add(f_scale1, range, math.floor(range:uint() / 16))
    tree:add(f_scale2, range, range:uint() % 16)
    return range:uint()
end

local function tcp_flags(name, title)
    local field = u8(name, title)
    return function(tree, r)
        local range = r:take(1)
        tree:add(field, range):append_text(" (" .. flag_words(range:uint(), TCP_FLAG) .. ")")
    end
end

local SEQADJ = {}
for _, dir in ipairs({"orig", "reply"}) do
    for _, what in ipairs({"pos", "before", "after"}) do
        SEQADJ[#SEQADJ + 1] = fixed(4, u32("ct.seqadj." .. what .. "." .. dir,
            "Sequence numbers, " .. what .. ", " .. dir))
    end
end

-- Nothing: NAT may shift the sequence numbers one day.
local function seqadj(tree, r)
    if r:left() == 0 then return "none yet" end
    return table.concat(run(SEQADJ, tree, r, {}), " ")
end

-- What attributes and records consist of ---------------------------------------

local HAND_STEPS = {
    OP = {fixed(1, u8("hand.op", "Operation", HAND_OP), HAND_OP)},
    UNIT = {fixed(1, u8("hand.unit", "Unit", UNIT), UNIT)},
    ASSOC = {fixed(4, u32("hand.assoc", "Association", base.HEX))},
    BOOT = {fixed(8, u64("hand.boot", "Boot identity", base.HEX))},
    CAPS = {varint(u64("hand.caps", "Capabilities", base.HEX), CAP)},
    VERSION = {rest(text("hand.version", "Version of the module"))},
    MTU = {varint(u64("hand.mtu", "MTU"))},
    INDEX = {fixed(4, u32("hand.index", "Sender's index", base.HEX))},
    STAMP = {fixed(8, u64("hand.stamp", "Stamp"))},
    DIGEST = {fixed(8, u64("hand.digest", "Digest of the settings", base.HEX))},
}

local HELLO_STEPS = {
    ROLE = {fixed(1, u8("hello.role", "Role", ROLE), ROLE)},
    STATE = {fixed(1, u8("hello.state", "State", STATE), STATE)},
    EPOCH = {varint(u64("hello.epoch", "Epoch"))},
    FLAGS = {varint(u64("hello.flags", "Flags", base.HEX), HELLO_FLAG)},
    ACTIVE_TIME = {varint(u64("hello.active_time", "Active time, s"))},
    OBJECTS = {varint(u64("hello.objects", "Objects"))},
    REPORTS = {varint(u64("hello.reports", "Reports on interfaces"))},
    UP_TIME = {varint(u64("hello.up_time", "Up time, s"))},
    IFC = {
        fixed(1, u8("hello.ifc.status", "Status", IFSTATUS), IFSTATUS),
        fixed(6, mac("hello.ifc.mac", "MAC")),
        rest(text("hello.ifc.name", "Interface")),
    },
    TRACK = {
        fixed(1, u8("hello.track.status", "Status", IFSTATUS), IFSTATUS),
        rest(text("hello.track.name", "Tracked object")),
    },
    HELPER = {rest(text("hello.helper", "Missing helper"))},
    REFUSED = {
        varint(u64("hello.refused.count", "Refused")),
        rest(text("hello.refused.reason", "Reason")),
    },
    REQUEST = {
        fixed(1, u8("hello.request", "Request", ASK), ASK),
        varint(u64("hello.request_no", "Number")),
    },
    LISTS = {
        fixed(8, u64("hello.list", "Sender's history", base.HEX)),
        fixed(8, u64("hello.held", "Receiver's history, as held", base.HEX)),
        varint(u64("hello.held_to", "Held up to entry")),
    },
    HISTORY = {
        varint(u64("hello.history.seq", "Entry")),
        fixed(8, u64("hello.history.time", "Time, ns since 1970")),
        varint(u64("hello.history.epoch", "Epoch")),
        fixed(1, u8("hello.history.kind", "Kind", KIND), KIND),
        fixed(1, u8("hello.history.from", "From", STATE), STATE),
        fixed(1, u8("hello.history.to", "To", STATE), STATE),
        fixed(1, u8("hello.history.role", "Role", ROLE), ROLE),
        rest(text("hello.history.reason", "Reason")),
    },
    DIGEST = {
        fixed(8, u64("hello.digest", "Digest of the settings", base.HEX)),
        varint(u64("hello.digest_of", "Number of settings")),
    },
    SETTING = {
        fixed(1, u8("hello.setting.id", "Setting", SETTING), SETTING),
        fixed(1, u8("hello.setting.no", "Which of several")),
        counted(text("hello.setting.name", "Of the interface")),
        rest(text("hello.setting.value", "Value")),
    },
}

local CT_STEPS = {
    TUPLE4 = {tuple(4, f_src4, f_dst4)},
    TUPLE6 = {tuple(16, f_src6, f_dst6)},
    NAT = {nat},
    STATUS = {varint(u64("ct.status", "Status", base.HEX), STATUS)},
    TIMEOUT = {varint(u64("ct.timeout", "Timeout, s"))},
    TCP = {
        fixed(1, u8("ct.tcp.state", "TCP state", TCP), TCP),
        scales,
        tcp_flags("ct.tcp.flags.orig", "Flags, original"),
        tcp_flags("ct.tcp.flags.reply", "Flags, reply"),
    },
    MARK = {varint(u64("ct.mark", "Mark", base.HEX))},
    ZONE = {
        fixed(2, u16("ct.zone", "Zone")),
        fixed(1, u8("ct.zone_dir", "Directions of the zone")),
    },
    LABELS = {raw(bytes("ct.labels", "Labels"))},
    SEQADJ = {seqadj},
    START = {fixed(8, u64("ct.start", "Start, ns since 1970"))},
    ACCT = {
        varint(u64("ct.packets.orig", "Packets, original")),
        varint(u64("ct.bytes.orig", "Bytes, original")),
        varint(u64("ct.packets.reply", "Packets, reply")),
        varint(u64("ct.bytes.reply", "Bytes, reply")),
    },
    SCTP = {
        fixed(1, u8("ct.sctp.state", "SCTP state", SCTP), SCTP),
        fixed(4, bytes("ct.sctp.vtag.orig", "Verification tag, original")),
        fixed(4, bytes("ct.sctp.vtag.reply", "Verification tag, reply")),
    },
    DCCP = {
        fixed(1, u8("ct.dccp.role", "Role of who began it", DCCP_ROLE), DCCP_ROLE),
        fixed(1, u8("ct.dccp.state", "DCCP state", DCCP), DCCP),
        fixed(6, bytes("ct.dccp.seq", "Number of the handshake")),
    },
    HELPER = {rest(text("ct.helper", "Helper"))},
    MASTER = {varint(u64("ct.master", "Slot of the master"))},
    SECMARK = {varint(u64("ct.secmark", "Number of the security context"))},
}

-- attributes(...): a row of them; returns NAME: summary of each.
local function attributes(tree, r, names, steps, context)
    local said = {}
    while r:left() > 0 do
        local from = r.at
        local head = r:u8()
        local number, len = math.floor(head / 8), head % 8
        if len == 7 then len = r:u8() end
        local body = r:sub(len)
        local name = names[number]
        local branch = tree:add(proto, r.tvb(from, r.at - from),
            name or string.format("attribute %d", number))
        if name and steps[name] then
            local one = run(steps[name], branch, body, context)
            branch:append_text(": " .. table.concat(one, " "))
            said[name] = one[1]
        else
            if len > 0 then branch:add(f_unknown, body:take(len)) end
            branch:add_proto_expert_info(e_unknown)
        end
    end
    return said
end

local f_slot = u64("ct.slot", "Slot")
local slot = varint(f_slot)

local function ct_record(tree, r)
    local number = slot(tree, r)
    local said = attributes(tree, r, CT, CT_STEPS, {})
    return "slot " .. number .. (said.TUPLE4 and " " .. said.TUPLE4 or "") ..
        (said.TUPLE6 and " " .. said.TUPLE6 or "")
end

local function row(...)
    local steps = {...}
    return function(tree, r) return table.concat(run(steps, tree, r, {}), " ") end
end

local f_neigh_mac, f_neigh_ifc = mac("neigh.mac", "MAC"), text("neigh.nameif", "Interface")

local function neighbour(len, address)
    return row(fixed(6, f_neigh_mac), fixed(len, address), rest(f_neigh_ifc))
end

local f_object_key = bytes("object.key", "Key")
local object_space = counted(text("object.space", "Space"))
local object_life = varint(u64("object.lifetime", "Lifetime left (ms)"))
local object_value = raw(bytes("object.value", "Value"))
local object_secret_field = u16("object.secret", "Bytes of a secret value")

-- Who has the key of the link may look: but not by accident.
local function object_secret(tree, r)
    local n = r:left()
    if n > 0 then tree:add(object_secret_field, r:take(n), n) end
    return n .. " bytes"
end

local function object_key(tree, r)
    local range = r:take(r:u8())
    tree:add(f_object_key, range)
    return tostring(range:bytes())
end

local SA_PROTOCOL = {[50] = "esp", [51] = "ah"}
local f_sa_flags = u8("sa.flags", "Flags")
local f_sa_in = u8("sa.in", "It ends at the sender")
local sa_proto = fixed(1, u8("sa.proto", "Protocol", SA_PROTOCOL), SA_PROTOCOL)
local sa_spi = fixed(4, u32("sa.spi", "SPI", base.HEX))
local sa_mark = fixed(4, u32("sa.mark", "Mark", base.HEX))
local sa_mask = fixed(4, u32("sa.mask", "Mask", base.HEX))
local sa_if_id = fixed(4, u32("sa.if_id", "Interface"))
local sa_use = {varint(u64("sa.sent", "Last number sent")),
    varint(u64("sa.received", "Greatest number received")), varint(u64("sa.bytes", "Bytes")),
    varint(u64("sa.packets", "Packets")), varint(u64("sa.age", "Age, s")),
    varint(u64("sa.used", "Since its first packet, s + 1"))}

local function sa(len, address)
    local destination = fixed(len, address)
    return function(tree, r, context)
        local range = r:take(1)
        local flags = range:uint()
        tree:add(f_sa_flags, range):append_text(" (" .. flag_words(flags, SA_FLAG) .. ")")
        if flags > 7 then error(SHORT, 0) end
        tree:add(f_sa_in, range, flags % 2)
        local steps = {sa_proto, sa_spi, destination}
        if math.floor(flags / 2) % 2 == 1 then
            steps[#steps + 1] = sa_mark
            steps[#steps + 1] = sa_mask
        end
        if math.floor(flags / 4) == 1 then steps[#steps + 1] = sa_if_id end
        local said = run(steps, tree, r, context)
        run(sa_use, tree, r, context)
        return said[1] .. " " .. said[2]
    end
end

local f_expect_proto = u8("expect.proto", "Protocol", PROTOCOL)
local f_expect_port = {u16("expect.sport", "Source port"), u16("expect.dport", "Destination port")}
local f_expect_mask = u16("expect.mask_port", "Mask of the source port")
local f_expect_addr = {
    [4] = {ipv4("expect.src4", "Source"), ipv4("expect.dst4", "Destination"),
        ipv4("expect.mask4", "Mask of the source"), ipv4("expect.nat.addr4", "Address before NAT")},
    [16] = {ipv6("expect.src6", "Source"), ipv6("expect.dst6", "Destination"),
        ipv6("expect.mask6", "Mask of the source"), ipv6("expect.nat.addr6", "Address before NAT")},
}

local function expect_tuple(size)
    local f = f_expect_addr[size]
    local steps = {fixed(1, f_expect_proto, PROTOCOL), fixed(size, f[1]), fixed(size, f[2]),
        fixed(2, f_expect_port[1]), fixed(2, f_expect_port[2]), fixed(size, f[3]),
        fixed(2, f_expect_mask)}
    return function(tree, r, context)
        context.size = size
        return table.concat(run(steps, tree, r, context), " ")
    end
end

local expect_nat_to = {
    fixed(1, u8("expect.nat.dir", "Direction")),
    fixed(2, u16("expect.nat.port", "Port before NAT")),
}

local function expect_nat(tree, r, context)
    local said = run(expect_nat_to, tree, r, context)
    said[3] = fixed(context.size, f_expect_addr[context.size][4])(tree, r)
    return table.concat(said, " ")
end

local ENTRY_STEPS = {
    TUPLE4 = {expect_tuple(4)},
    TUPLE6 = {expect_tuple(16)},
    CLASS = {varint(u64("expect.class", "Class"))},
    FLAGS = {varint(u64("expect.flags", "Flags", base.HEX))},
    FN = {rest(text("expect.fn", "Function"))},
    NAT = {expect_nat},
    HELPER = {rest(text("expect.helper", "Helper"))},
    TIMEOUT = {varint(u64("expect.timeout", "Timeout, s"))},
}

local function entry(tree, r)
    local said = attributes(tree, r, ENTRY, ENTRY_STEPS, {})
    return said.TUPLE4 or said.TUPLE6 or ""
end

local expect_slot = varint(u64("expect.slot", "Slot of the master"))

local function expect_list(tree, r)
    local number = expect_slot(tree, r)
    attributes(tree, r, EXPECT, {ENTRY = {entry}}, {})
    return "slot " .. number
end

local H323 = {"signals", "signals, reply"}
for channel = 1, 4 do
    H323[#H323 + 1] = "channel " .. channel
    H323[#H323 + 1] = "channel " .. channel .. ", reply"
end
local f_h323_there = u64("expect.h323.there", "Ports that are there", base.HEX)
local f_h323_port = u16("expect.h323.port", "Port")

-- The ports that are there, in the order of the bits.
local function expect_h323(tree, r)
    local value, range = r:var()
    local there, said = value:tonumber(), {}
    tree:add(f_h323_there, range, value)
    if there >= 2 ^ #H323 then error(SHORT, 0) end
    for i, word in ipairs(H323) do
        if math.floor(there / 2 ^ (i - 1)) % 2 == 1 then
            local port = r:take(2)
            tree:add(f_h323_port, port):append_text(" (" .. word .. ")")
            if port:uint() == 0 then error(SHORT, 0) end
            said[#said + 1] = port:uint()
        end
    end
    return table.concat(said, " ")
end

local epoch = varint(u64("control.epoch", "Epoch"))

-- Of each class: its operations, and how the body of each is read.
local RECORD = {
    CONTROL = {CONTROL_OP, {BULK_BEGIN = row(epoch), BULK_END = row(epoch)}},
    CT = {CT_OP, {CREATE = ct_record, UPDATE = ct_record, DELETE = ct_record}},
    SECMARK = {SECMARK_OP, {
        NAME = row(varint(u64("secmark.number", "Number")),
            rest(text("secmark.context", "Security context"))),
    }},
    STATION = {STATION_OP, {
        SEEN = row(fixed(6, mac("station.mac", "MAC")), fixed(2, u16("station.vlan", "VLAN")),
            rest(text("station.port", "Port"))),
    }},
    NEIGH = {NEIGH_OP, {
        SEEN4 = neighbour(4, ipv4("neigh.addr4", "Address")),
        SEEN6 = neighbour(16, ipv6("neigh.addr6", "Address")),
    }},
    OBJECT = {OBJECT_OP, {
        PUT = row(object_space, object_key, object_life, object_value),
        DELETED = row(object_space, object_key),
        EXPIRED = row(object_space, object_key),
        SECRET = row(object_space, object_key, object_life, object_secret),
    }},
    SA = {SA_OP, {
        USED4 = sa(4, ipv4("sa.daddr4", "Destination")),
        USED6 = sa(16, ipv6("sa.daddr6", "Destination")),
    }},
    EXPECT = {EXPECT_OP, {
        LIST = expect_list,
        SIP = row(expect_slot, varint(u64("expect.sip.register", "CSeq of REGISTER")),
            varint(u64("expect.sip.invite", "CSeq of INVITE")),
            fixed(2, u16("expect.sip.port", "Port that is answered at"))),
        PPTP = row(expect_slot, fixed(1, u8("expect.pptp.session", "State of the session")),
            fixed(1, u8("expect.pptp.call", "State of the call")),
            fixed(2, u16("expect.pptp.pac", "Call at the server")),
            fixed(2, u16("expect.pptp.pns", "Call at the client")),
            fixed(2, u16("expect.pptp.nat_pac", "Call at the server before NAT")),
            fixed(2, u16("expect.pptp.nat_pns", "Call at the client before NAT"))),
        H323 = row(expect_slot, expect_h323),
    }},
    MSG = {MSG_OP, {
        PART = row(varint(u64("msg.no", "Number")),
            fixed(1, u8("msg.kind", "Kind", MSG_KIND), MSG_KIND),
            fixed(8, u64("msg.id", "Talk", base.HEX)), raw(bytes("msg.data", "Data"))),
        ACK = row(varint(u64("msg.ack.no", "Number")),
            fixed(1, u8("msg.ack.result", "Result", MSG_RESULT), MSG_RESULT)),
    }},
}

-- guarded(TREE, FN): what is too short becomes an expert's word, and ends there.
local function guarded(tree, fn, ...)
    local ok, said = pcall(fn, ...)
    if ok then return said end
    if said ~= SHORT then error(said, 0) end
    tree:add_proto_expert_info(e_short)
    return "[malformed]"
end

local function one_record(branch, r, class, op)
    local known = RECORD[class]
    local name = known and known[1][op]
    if not name then
        if r:left() > 0 then branch:add(f_unknown, r:take(r:left())) end
        branch:add_proto_expert_info(e_unknown)
        return "unknown"
    end
    return name .. " " .. guarded(branch, known[2][name], branch, r)
end

local function records(tree, r)
    local said = {}
    while r:left() > 0 do
        local from = r.at
        local head = r:u8()
        local class, op, len = math.floor(head / 8), head % 8, r:u8()
        if len >= 128 then len = (len - 128) * 256 + r:u8() end
        local body = r:sub(len)
        local branch = tree:add(f_record, r.tvb(from, r.at - from))
        branch:add(f_class, r.tvb(from, 1), class)
        branch:add(f_op, r.tvb(from, 1), op)
        local word = CLASS[class] or "class " .. class
        said[#said + 1] = word .. " " .. one_record(branch, body, CLASS[class], op)
        branch:set_text(said[#said])
    end
    return table.concat(said, "; ")
end

-- Bodies ----------------------------------------------------------------------

local function hand(tree, r)
    local branch = tree:add(f_hand, r.tvb(r.at, r:left()))
    local said = attributes(branch, r, HAND, HAND_STEPS, {})
    return string.format("%s %s", said.OP or "", said.UNIT or "")
end

local function hello(tree, r)
    local branch = tree:add(f_hello, r.tvb(r.at, r:left()))
    local said = attributes(branch, r, HELLO, HELLO_STEPS, {})
    -- what is absent is zero
    return string.format("%s, %s, epoch %s", said.ROLE or ROLE[0],
        said.STATE or STATE[0], said.EPOCH or "0")
end

local function ack(tree, r)
    local branch = tree:add(f_ack, r.tvb(r.at, r:left()))
    local cum, sack = r:take(8), r:take(8)
    branch:add(f_cum, cum)
    branch:add(f_sack, sack)
    return "up to " .. tostring(cum:uint64())
end

local echo = row(fixed(1, u8("echo.op", "Echo", ECHO_OP), ECHO_OP),
    fixed(1, u8("echo.link", "Link")), fixed(8, u64("echo.no", "Number")),
    raw(bytes("echo.padding", "Padding")))

local BODY = {HAND = hand, HELLO = hello, DATA = records, ACK = ack, MSG = records,
    ECHO = echo}

-- Clear text or sealed -----------------------------------------------------------

local crc_table

local function crc32c(range)
    if not crc_table then
        crc_table = {}
        for n = 0, 255 do
            local c = n
            for _ = 1, 8 do
                c = c % 2 == 1 and bits.bxor(bits.rshift(c, 1), 0x82f63b78) or bits.rshift(c, 1)
            end
            crc_table[n] = c
        end
    end
    local data, crc = range:bytes(), 0xffffffff
    for i = 0, data:len() - 1 do
        crc = bits.bxor(bits.rshift(crc, 8),
            crc_table[bits.band(bits.bxor(crc, data:get_index(i)), 255)])
    end
    return crc % 2 ^ 32
end

-- In clear text the tag is twelve zeroes and a CRC.
local function is_clear(tag)
    for i = 0, 11 do
        if tag(i, 1):uint() ~= 0 then return false end
    end
    return true
end

local function clear_tag(tree, tag, covered)
    local item = tree:add(f_crc, tag(12, 4))
    if crc32c(covered) ~= tag(12, 4):uint() then item:add_proto_expert_info(e_crc) end
end

-- A key log: lines of INDEX KEY in hex, of what frames with that index are under.
proto.prefs.keylog = Pref.string("Key log file", "",
    "Lines of an index and a key, both in hex, as tools/wireshark/keylog writes them")

local keys, keys_from = {}, nil

local function key_of(index)
    if keys_from ~= proto.prefs.keylog then
        keys, keys_from = {}, proto.prefs.keylog
        local file = keys_from ~= "" and io.open(keys_from)
        for line in file and file:lines() or function() end do
            local number, key = line:match("^(%x+) (%x+)$")
            if key and #key == 64 then keys[tonumber(number, 16)] = key end
        end
        if file then file:close() end
    end
    return keys[index]
end

local function quarter(s, a, b, c, d)
    s[a] = bits.band(s[a] + s[b], 0xffffffff)
    s[d] = bits.lrotate(bits.bxor(s[d], s[a]), 16)
    s[c] = bits.band(s[c] + s[d], 0xffffffff)
    s[b] = bits.lrotate(bits.bxor(s[b], s[c]), 12)
    s[a] = bits.band(s[a] + s[b], 0xffffffff)
    s[d] = bits.lrotate(bits.bxor(s[d], s[a]), 8)
    s[c] = bits.band(s[c] + s[d], 0xffffffff)
    s[b] = bits.lrotate(bits.bxor(s[b], s[c]), 7)
end

local COLUMNS = {{1, 5, 9, 13}, {2, 6, 10, 14}, {3, 7, 11, 15}, {4, 8, 12, 16},
    {1, 6, 11, 16}, {2, 7, 12, 13}, {3, 8, 9, 14}, {4, 5, 10, 15}}

-- A block of ChaCha20 (RFC 8439), as 64 bytes.
local function chacha20(state)
    local s = {unpack(state)}
    for _ = 1, 10 do
        for _, q in ipairs(COLUMNS) do quarter(s, q[1], q[2], q[3], q[4]) end
    end
    local out = {}
    for i = 1, 16 do
        local word = bits.band(s[i] + state[i], 0xffffffff)
        for shift = 0, 24, 8 do out[#out + 1] = bits.band(bits.rshift(word, shift), 255) end
    end
    return out
end

-- The nonce is four zeroes, the counter, and the type, little-endian.
local function state_of(key, number, counter)
    local s = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}
    for i = 1, 64, 8 do
        local a, b, c, d = key:match("(%x%x)(%x%x)(%x%x)(%x%x)", i)
        s[#s + 1] = tonumber(d .. c .. b .. a, 16)
    end
    s[13], s[14] = 1, 0
    s[15] = counter:lower()
    s[16] = bits.band(counter:higher(), 0xffffff) + number * 2 ^ 24
    return s
end

-- unseal(KEY, NUMBER, COUNTER, BODY): the body as a tvb of its own. The tag is not
-- checked: this is to be read, not to be believed.
local function unseal(key, number, counter, body)
    local state, sealed = state_of(key, number, counter), body:bytes()
    local clear = ByteArray.new()
    clear:set_size(sealed:len())
    for i = 0, sealed:len() - 1, 64 do
        local stream = chacha20(state)
        for j = i, math.min(i + 63, sealed:len() - 1) do
            clear:set_index(j, bits.bxor(sealed:get_index(j), stream[j - i + 1]))
        end
        state[13] = state[13] + 1
    end
    return clear:tvb("Unsealed")
end

-- The frame -----------------------------------------------------------------------

local function noise(tree, tvb, len)
    local body = tvb(HEADER, len - HEADER - TAG)
    if body:len() < 32 then
        tree:add_proto_expert_info(e_short)
        return ""
    end
    tree:add(f_ephemeral, body(0, 32))
    if body:len() > 32 then tree:add(f_payload, body(32)) end
    tree:add(f_tag, tvb(len - TAG, TAG))
    return tvb(4, 4):uint() == 0 and "INIT" or "RESP"
end

local function body_of(tree, tvb, len, number)
    local tag = tvb(len - TAG, TAG)
    local fn, key = BODY[TYPE[number]], key_of(tvb(4, 4):uint())
    if is_clear(tag) then
        clear_tag(tree, tag, tvb(0, len - TAG))
        return guarded(tree, fn, tree, reader(tvb, HEADER, len - TAG))
    end
    local said = "[sealed]"
    if len > HEADER + TAG then
        tree:add(f_sealed, tvb(HEADER, len - HEADER - TAG))
        if key then
            local clear = unseal(key, number, tvb(8, 8):uint64(), tvb(HEADER, len - HEADER - TAG))
            said = guarded(tree, fn, tree, reader(clear, 0, clear:len()))
        end
    end
    tree:add(f_tag, tag)
    return said
end

function proto.dissector(tvb, pinfo, root)
    if tvb:len() < HEADER then return 0 end
    local len, number = tvb(2, 2):uint(), tvb(1, 1):uint()
    pinfo.cols.protocol = "nf_failover"
    local tree = root:add(proto, tvb(0, math.min(math.max(len, HEADER), tvb:len())))
    local version = tree:add(f_version, tvb(0, 1))
    tree:add(f_type, tvb(1, 1))
    tree:add(f_len, tvb(2, 2))
    tree:add(f_index, tvb(4, 4))
    tree:add(f_counter, tvb(8, 8))
    local name = TYPE[number] or "type " .. number
    if tvb(0, 1):uint() ~= 1 then
        version:add_proto_expert_info(e_version)
        pinfo.cols.info = "version " .. tvb(0, 1):uint()
        return tvb:len()
    end
    local said = "[malformed]"
    if not TYPE[number] or len > tvb:len() or len < HEADER + TAG then
        tree:add_proto_expert_info(e_short)
    elseif name == "NOISE" then
        said = noise(tree, tvb, len)
    else
        said = body_of(tree, tvb, len, number)
    end
    local what = string.format("%s %s %s", name, tostring(tvb(8, 8):uint64()), said)
    pinfo.cols.info = what
    tree:append_text(": " .. name)
    return len
end

proto.fields = all
proto.experts = {e_short, e_crc, e_version, e_unknown}

DissectorTable.get("ethertype"):add(ETHERTYPE, proto)
DissectorTable.get("udp.port"):add(PORT, proto)
