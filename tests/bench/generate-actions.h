/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any number of actions as a service that has been in use for months would hold them: all types and
 * statuses, with investigations, decisions and results that fit together. The action of an index is
 * always the same for the same seed, number and time, so that they can be made in any order and by
 * several programs.
 *
 * It knows nothing of databases: whoever fills one asks here for one action after the other. */
#pragma once

#include "model/ac-transition.h"
#include "model/ac-vocabulary.h"

#define GENERATE_MOST_ASSETS 8
#define GENERATE_MOST_EVENTS 8
#define GENERATE_UUID_SIZE 37

typedef struct _GenerateActions GenerateActions;

/* A decision over actions of one investigation. */
typedef enum
{
  GENERATE_APPROVE,
  GENERATE_REJECT,
  GENERATE_UNDO,
  GENERATE_N_DECISIONS,
  GENERATE_NO_DECISION = GENERATE_N_DECISIONS,
} GenerateDecision;

typedef struct
{
  char id[GENERATE_UUID_SIZE];
  AcDecision decision;
  const char *actor;
  const char *comment; /* nullable */
  gint64 at;
} GenerateOperation;

typedef struct
{
  guint64 index;
  guint64 first; /* its actions: from this index on */
  guint n_actions;
  char id[GENERATE_UUID_SIZE];
  char external_id[40];
  GString *title;
  const char *started_by;
  const char *detection_source;
  const char *severity;
  AcActionType type; /* of all its actions */
  AcVerdict verdict;
  gint64 created_at;
  GenerateOperation operations[GENERATE_N_DECISIONS]; /* whether one was made, its actions tell */
} GenerateInvestigation;

typedef struct
{
  GString *name;
  AcOutcome outcome;  /* AC_OUTCOME_UNKNOWN: nothing is known yet */
  const char *detail; /* nullable */
  gint64 at;
  gboolean moved;
} GenerateAsset;

typedef struct
{
  AcEvent event; /* of the first, which proposes, this means nothing */
  AcStatus before;
  AcStatus after;
  GenerateDecision decision;
  const char *actor;
  gint64 at;
} GenerateEvent;

typedef struct
{
  guint64 index;
  guint position; /* in its investigation */
  char id[GENERATE_UUID_SIZE];
  AcActionType type;
  AcEntityType entity_type;
  AcStatus status;
  AcVerdict verdict;
  AcSource source;
  const char *reason;
  GString *details;
  GString *entity; /* as JSON */
  GString *words;  /* the strings of the entity, each on a line */
  char digest[65];
  guint n_assets;
  GenerateAsset assets[GENERATE_MOST_ASSETS];
  guint n_moved;
  guint n_events; /* which is its version */
  GenerateEvent events[GENERATE_MOST_EVENTS];
  GenerateDecision decision; /* the last one */
  gint64 created_at;
  gint64 updated_at;
  gint64 expires_at;
} GenerateAction;

GenerateActions *generate_actions_new (guint64 n_actions, guint64 seed, gint64 now);
void generate_actions_free (GenerateActions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GenerateActions, generate_actions_free)

guint64 generate_actions_get_n (GenerateActions *self);
void generate_actions_make_uuid (GenerateActions *self, guint64 kind, guint64 index, char *uuid);
/* What they return holds until the next call of the same function. */
const GenerateInvestigation *generate_actions_get_investigation (GenerateActions *self,
                                                                 guint64 action);
const GenerateAction *generate_actions_get (GenerateActions *self, guint64 index);
/* As GET /actions shows it, one compact JSON object at the end of the text. */
void generate_actions_add_json (GenerateActions *self, guint64 index, GString *text);
