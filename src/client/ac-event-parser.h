/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Server-Sent Events out of a stream of bytes, as the HTML standard §9.2.6 reads them. It knows
 * nothing of where the bytes come from. Private to this room. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AcEventParser AcEventParser;

/* @type: "message" when the event has none; @id: (nullable): the last that was said */
typedef void (*AcEventFunc) (const char *type, const char *id, GBytes *data, gpointer user_data);

AcEventParser *ac_event_parser_new (gsize largest, AcEventFunc func, gpointer user_data);
gboolean ac_event_parser_feed (AcEventParser *parser, const char *bytes, gsize length);
void ac_event_parser_free (AcEventParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcEventParser, ac_event_parser_free)

G_END_DECLS
