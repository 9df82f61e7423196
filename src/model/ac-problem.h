/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An error answer of the service: application/problem+json (RFC 9457). */
#pragma once

#include "model/ac-json.h"

G_BEGIN_DECLS

/* One action of a 409: what it is already, who decided, when. */
typedef struct
{
  char *action_id;
  char *status;
  char *decision;   /* nullable */
  char *decided_by; /* nullable */
  gint64 decided_at;
} AcConflict;

/* An action on a cluster, and what it is about now. */
typedef struct
{
  char *action_id;
  char *digest;
} AcProblemTarget;

typedef struct
{
  guint status; /* HTTP */
  char *type;   /* the stable key, "urn:action-center:problem:…" */
  char *title;
  char *detail;         /* nullable; a sentence for a person */
  char *field;          /* nullable; the member or header that is wrong */
  GPtrArray *conflicts; /* of AcConflict; never NULL */

  /* Of an approval that wants to be confirmed: its scope, and what it would be about. */
  gint64 messages;    /* -1: not told */
  gint64 mailboxes;   /* the same */
  GPtrArray *targets; /* of AcProblemTarget; never NULL */
} AcProblem;

AcProblem *ac_problem_new (guint status, const char *type, const char *title, const char *detail);
AcProblem *ac_problem_new_from_json (JsonObject *object, guint http_status);
void ac_problem_add_conflict (AcProblem *problem,
                              const char *action_id,
                              const char *status,
                              const char *decision,
                              const char *decided_by,
                              gint64 decided_at);
void ac_problem_add_target (AcProblem *problem, const char *action_id, const char *digest);
gboolean ac_problem_wants_confirmation (const AcProblem *problem);
JsonObject *ac_problem_to_json (const AcProblem *problem);
void ac_problem_free (AcProblem *problem);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcProblem, ac_problem_free)

G_END_DECLS
