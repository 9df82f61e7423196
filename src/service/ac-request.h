/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One whole request as a route sees it: checked, decoded, and with the person who sent it. Made in
 * the main thread, read by one worker thread. */
#pragma once

#include "service/ac-http-head.h"
#include "store/ac-store.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *value;
} AcQueryParameter;

typedef struct
{
  AcHttpHead *head;
  char *path;       /* decoded */
  char *id;         /* nullable: what stands for {id} in the route */
  GPtrArray *query; /* of AcQueryParameter, in the order of the request */
  GBytes *body;     /* never NULL */
  char *remote;     /* the address of the client */
  char *actor_name; /* nullable: the name of the token */
  AcRole role;
  gconstpointer route; /* of the router */
} AcRequest;

AcRequest *ac_request_new (AcHttpHead *head, const char *remote, AcProblem **problem);
void ac_request_free (AcRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcRequest, ac_request_free)

const char *ac_request_get_header (AcRequest *request, const char *name);
const char *ac_request_get_token (AcRequest *request);
AcActor ac_request_get_actor (AcRequest *request);
JsonObject *ac_request_parse_object (AcRequest *request, JsonNode **root, AcProblem **problem);
const char *ac_request_get_idempotency_key (AcRequest *request, AcProblem **problem);

/* Query parameters. Each function gives FALSE with a problem naming the parameter. */
gboolean ac_request_check_query (AcRequest *request, const char *const *known, AcProblem **problem);
gboolean ac_request_get_single (AcRequest *request,
                                const char *name,
                                const char **value,
                                AcProblem **problem);
GStrv ac_request_get_all (AcRequest *request, const char *name);
gboolean ac_request_get_words (AcRequest *request,
                               const char *name,
                               AcVocabulary vocabulary,
                               GStrv *words,
                               AcProblem **problem);
gboolean
ac_request_get_time (AcRequest *request, const char *name, gint64 *time, AcProblem **problem);
gboolean ac_request_get_limit (AcRequest *request, guint *limit, AcProblem **problem);

G_END_DECLS
