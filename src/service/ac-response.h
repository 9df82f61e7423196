/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One answer: status, header fields and body. Made by a route in a worker thread; one that goes on
 * as a stream of events, in the main thread. */
#pragma once

#include "model/ac-problem.h"
#include "service/ac-event-stream.h"

G_BEGIN_DECLS

typedef struct
{
  guint status;
  GPtrArray *headers;    /* names and values by turns */
  GBytes *body;          /* nullable */
  AcEventStream *events; /* nullable: what comes instead of a body, and in chunks */
} AcResponse;

/* Called in the main thread. response: (transfer full) */
typedef void (*AcResponseDone) (AcResponse *response, gpointer user_data);

AcResponse *ac_response_new (guint status);
AcResponse *ac_response_new_json (guint status, JsonObject *object);
AcResponse *ac_response_new_text (guint status, GBytes *text);
AcResponse *ac_response_new_problem (AcProblem *problem);
void ac_response_add_header (AcResponse *response, const char *name, const char *value);
void ac_response_compress (AcResponse *response, const char *accept_encoding);
GBytes *ac_response_to_bytes (AcResponse *response, gboolean head_only, gboolean keep_alive);
void ac_response_free (AcResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcResponse, ac_response_free)

G_END_DECLS
