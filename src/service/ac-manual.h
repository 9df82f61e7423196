/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person proposes by himself: an investigation of his own with actions whose source is
 * “manual”, and, where he takes them directly, his approval. The same key again gives the same. */
#pragma once

#include "service/ac-routes.h"

G_BEGIN_DECLS

typedef struct
{
  const char *key;         /* the Idempotency-Key */
  const char *name;        /* of the investigation */
  const char *description; /* nullable */
  const char *comment;     /* nullable; of the approval */
  JsonArray *actions;      /* of the API's Proposal, without source */
  gboolean take;           /* approve them as well */
} AcManual;

/* Both owned by whoever asks. */
typedef struct
{
  JsonObject *investigation;
  JsonObject *operation; /* nullable: they wait for a decision */
} AcManualMade;

void ac_manual_made_clear (AcManualMade *made);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AcManualMade, ac_manual_made_clear)

gboolean ac_manual_check_take (const AcRouteContext *context,
                               AcRequest *request,
                               gboolean take,
                               AcProblem **problem);
gboolean ac_manual_is_reserved (const char *external_id);
gboolean ac_manual_propose (const AcRouteContext *context,
                            AcRequest *request,
                            const AcManual *manual,
                            AcManualMade *made,
                            AcProblem **problem);

G_END_DECLS
