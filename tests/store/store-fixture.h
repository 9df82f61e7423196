/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store in a folder of its own, and small builders of what goes into it. */
#pragma once

#include "../scaled.h"
#include "store/ac-store.h"

typedef struct
{
  char *folder;
  char *path;
  AcStore *store;
} Fixture;

void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);
/* Closes the store and opens it again, as a restart does. */
void fixture_reopen (Fixture *fixture);
#define fixture_test(name, function)                                                               \
  g_test_add (name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

extern const AcActor detector;
extern const AcActor alice;
extern const AcActor bob;

/* Posts an investigation with n soft deletes in the mailbox; each about a message of its own.
 * Returns its id. */
char *propose (AcStore *store, const char *external_id, guint n, const char *mailbox);
/* Posts the text, in which ' stands for ". */
JsonObject *post (AcStore *store, const char *text, gboolean *created);

/* The answers of GET /actions and GET /changes, parsed. */
JsonObject *read_actions (AcStore *store, const AcActionFilter *filter, GError **error);
JsonObject *read_changes (AcStore *store, const char *since, guint limit, GError **error);

/* The ids of all actions with this status (NULL: any), at most 1,000, in the order of creation. */
GStrv ids_with_status (AcStore *store, const char *status);
/* The ids of the actions of an investigation in the order of its proposals. */
GStrv ids_of_investigation (AcStore *store, const char *investigation_id);
char *status_of (AcStore *store, const char *action_id);

/* The store's functions of these names, and their answers parsed. */
JsonObject *submit_operation (AcStore *store,
                              const AcOperationRequest *request,
                              const char *key,
                              const AcActor *actor,
                              gboolean *replayed,
                              AcProblem **problem,
                              GError **error);
JsonObject *get_operation (AcStore *store, const char *id, GError **error);
JsonObject *get_operation_counts (AcStore *store, const char *id, GError **error);

/* Decides with a key of its own, and asserts that it was accepted. */
JsonObject *decide (AcStore *store, AcDecision decision, const char *const *ids);
JsonObject *decide_one (AcStore *store, AcDecision decision, const char *id);

/* Takes all work there is and ends it with this outcome. Returns how many items there were. */
guint work_off (AcStore *store, AcOutcome outcome);
void finish (AcStore *store, GPtrArray *items, AcOutcome outcome);

gint64 count_of (JsonObject *operation, const char *name);
guint length_of (JsonObject *object, const char *member);
/* One number out of the database file, past the store. */
gint64 look (Fixture *fixture, const char *sql);
/* Changes the database file, past the store. */
void poke (Fixture *fixture, const char *sql);

/* From here on warnings end no test but are kept, up to take_warnings(). */
void expect_warnings (void);
/* Until one was warned of that holds @part. */
void wait_for_warning (const char *part);
/* What was warned of since, one line each. */
char *take_warnings (void);
