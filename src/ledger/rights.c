#include "ledger/rights.h"

static const struct {
	enum scribe_peer peer;
	const char *kind;
	const char *type; /* glob */
} may_say[] = {
    {PEER_KEEPER, "sighting", "role.*"},
    {PEER_KEEPER, "sighting", "reader.died"},
    {PEER_GUARD, "sighting", "file.*"},
    {PEER_GUARD, "sighting", "watch.*"},
    {PEER_GUARD, "sighting", "baseline.*"},
    {PEER_GUARD, "sighting", "reader.died"},
    {PEER_GATE, "sighting", "gate.*"},
    {PEER_GATE, "sighting", "open.*"},
    {PEER_GATE, "sighting", "reader.died"},
    {PEER_GATE, "order", "*"},
    {PEER_FENCE, "sighting", "fence.*"},
    {PEER_HAND, "deed", "*"},
    {PEER_VISITOR, "sighting", "page.*"},
    {PEER_VISITOR, "sighting", "browser.*"},
    {PEER_JUDGE, "finding", "*"},
    {PEER_HERALD, "sighting", "alert.*"},
    {PEER_COLLECTOR, "sighting", "page.reported"},
    /* it reads what strangers write: it may not freeze or isolate anything */
    {PEER_DESK, "word", "approve"},
    {PEER_DESK, "word", "dismiss"},
    {PEER_DESK, "word", "case.*"},
    {PEER_DESK, "word", "page.*"},
    {PEER_DESK, "word", "news.checked"},
    {PEER_GATE, "word", "contain"},
    {PEER_CLIENT, "word", "*"},
    {PEER_CLIENT, "count", "*"},
    {PEER_COMMAND, "count", "*"},
    {PEER_COMMAND, "word", "*"},
    {PEER_COMMAND, "sighting", "file.*"},
    {PEER_COMMAND, "sighting", "watch.*"},
    {PEER_COMMAND, "sighting", "baseline.*"},
    {PEER_COMMAND, "sighting", "reader.died"},
};

static const struct {
	enum scribe_peer peer;
	enum msg_type type;
} may_send[] = {
    {PEER_KEEPER, MSG_HELLO},  {PEER_KEEPER, MSG_FACT},     {PEER_GUARD, MSG_HELLO},
    {PEER_GUARD, MSG_FACT},    {PEER_GUARD, MSG_TABLE},     {PEER_GUARD, MSG_SYNC},
    {PEER_JUDGE, MSG_HELLO},   {PEER_JUDGE, MSG_JUDGED},    {PEER_DESK, MSG_HELLO},
    {PEER_DESK, MSG_FACT},     {PEER_CLIENT, MSG_HELLO},    {PEER_CLIENT, MSG_FACT},
    {PEER_GATE, MSG_HELLO},    {PEER_GATE, MSG_FACT},       {PEER_GATE, MSG_TABLE},
    {PEER_FENCE, MSG_HELLO},   {PEER_FENCE, MSG_FACT},      {PEER_FENCE, MSG_TABLE},
    {PEER_HAND, MSG_HELLO},    {PEER_HAND, MSG_FACT},       {PEER_HAND, MSG_CONTENT},
    {PEER_VISITOR, MSG_HELLO}, {PEER_VISITOR, MSG_FACT},    {PEER_CLIENT, MSG_SYNC},
    {PEER_CLIENT, MSG_TABLE},  {PEER_COMMAND, MSG_HELLO},   {PEER_COMMAND, MSG_FACT},
    {PEER_COMMAND, MSG_SYNC},  {PEER_COMMAND, MSG_TABLE},   {PEER_HERALD, MSG_HELLO},
    {PEER_HERALD, MSG_FACT},   {PEER_COLLECTOR, MSG_HELLO}, {PEER_COLLECTOR, MSG_FACT},
};

bool rights_allow(enum scribe_peer peer, const struct json *draft)
{
	if (peer == PEER_KINDS)
		return true;
	for (size_t i = 0; i < sizeof(may_say) / sizeof(may_say[0]); i++) {
		if (may_say[i].peer == peer &&
		    slice_eq(json_text(draft, "kind"), slice_str(may_say[i].kind)) &&
		    text_glob(slice_str(may_say[i].type), json_text(draft, "type")))
			return true;
	}
	return false;
}

bool rights_person(enum scribe_peer peer)
{
	return peer == PEER_CLIENT || peer == PEER_DESK || peer == PEER_COMMAND;
}

bool rights_frame(enum scribe_peer peer, enum msg_type type)
{
	for (size_t i = 0; i < sizeof(may_send) / sizeof(may_send[0]); i++) {
		if (may_send[i].peer == peer && may_send[i].type == type)
			return true;
	}
	return false;
}

bool rights_peer(struct slice name, enum scribe_peer *out)
{
	static const struct {
		const char *name;
		enum scribe_peer peer;
	} table[] = {
	    {"keeper", PEER_KEEPER},   {"guard", PEER_GUARD},         {"judge", PEER_JUDGE},
	    {"desk", PEER_DESK},       {"command", PEER_COMMAND},     {"gate", PEER_GATE},
	    {"hand", PEER_HAND},       {"fence", PEER_FENCE},         {"herald", PEER_HERALD},
	    {"visitor", PEER_VISITOR}, {"collector", PEER_COLLECTOR},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (slice_eq(name, slice_str(table[i].name))) {
			*out = table[i].peer;
			return true;
		}
	}
	return false;
}
