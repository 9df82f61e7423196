/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "generate-actions.h"
#include "generate-words.h"
#include "model/ac-json-text.h"
#include "model/ac-time.h"

/* So far back it goes: less than a service keeps what is settled, if it is not told otherwise. */
#define SPAN (150 * G_TIME_SPAN_DAY)
#define LIFETIME (7 * G_TIME_SPAN_DAY)
/* Young enough to be pending for sure, some hours yet. */
#define MAY_BE_PENDING (6 * G_TIME_SPAN_DAY)
#define SECOND G_TIME_SPAN_SECOND

/* How many actions the investigations have by turns. */
static const guint group_sizes[] = { 1, 2, 4, 1, 8, 3, 1, 12 };
#define CYCLE 32 /* their sum */

/* What a random number is for, so that each has a row of its own. */
typedef enum
{
  FOR_INVESTIGATION = 1,
  FOR_ACTION,
  FOR_STATUS,
  FOR_UUID,
} Purpose;

typedef struct
{
  guint64 state;
} Random;

struct _GenerateActions
{
  guint64 n;
  guint64 n_investigations;
  guint64 seed;
  gint64 now;
  GenerateInvestigation investigation;
  guint64 known; /* the index of that one, plus one */
  GenerateAction action;
};

static const struct
{
  AcActionType type;
  AcEntityType entity;
  guint share; /* of 100 */
} types[] = {
  { AC_ACTION_TYPE_SOFT_DELETE_EMAIL, AC_ENTITY_TYPE_EMAIL_MESSAGE, 45 },
  { AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER, AC_ENTITY_TYPE_EMAIL_CLUSTER, 14 },
  { AC_ACTION_TYPE_QUARANTINE_EMAIL, AC_ENTITY_TYPE_EMAIL_MESSAGE, 10 },
  { AC_ACTION_TYPE_QUARANTINE_ATTACHMENT, AC_ENTITY_TYPE_ATTACHMENT, 10 },
  { AC_ACTION_TYPE_BLOCK_URL, AC_ENTITY_TYPE_URL, 11 },
  { AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING, AC_ENTITY_TYPE_MAILBOX, 4 },
  { AC_ACTION_TYPE_QUARANTINE_FILE, AC_ENTITY_TYPE_FILE, 6 },
};

/* What has become of those that are not pending, of 1000. */
static const struct
{
  AcStatus status;
  guint share;
} fates[] = {
  { AC_STATUS_COMPLETED, 560 }, { AC_STATUS_REJECTED, 210 },        { AC_STATUS_EXPIRED, 110 },
  { AC_STATUS_UNDONE, 40 },     { AC_STATUS_PARTLY_COMPLETED, 30 }, { AC_STATUS_CANCELLED, 25 },
  { AC_STATUS_FAILED, 20 },     { AC_STATUS_UNDO_FAILED, 5 },
};

/* --- random numbers: splitmix64 --- */

static guint64
mix (guint64 z)
{
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static guint64
next (Random *random)
{
  random->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return mix (random->state);
}

static Random
begin (GenerateActions *self, Purpose purpose, guint64 index)
{
  return (Random){ mix (mix (self->seed + (guint64)purpose) + index) };
}

static guint
below (Random *random, guint n)
{
  return (guint)((next (random) >> 32) % n);
}

static gint64
duration (Random *random, gint64 least, gint64 most)
{
  return least + (gint64)(next (random) % (guint64)(most - least));
}

static const char *
pick (Random *random, const GenerateWords *words)
{
  return words->words[below (random, words->n)];
}

/* Replaces the %u of a word. */
static void
add_numbered (GString *text, const char *word, guint number)
{
  const char *hole = strstr (word, "%u");

  if (hole == NULL)
    {
      g_string_append (text, word);
      return;
    }
  g_string_append_len (text, word, hole - word);
  g_string_append_printf (text, "%u%s", number, hole + 2);
}

static void
put_hex (char *place, guint64 number, guint n_digits)
{
  static const char digits[] = "0123456789abcdef";

  for (guint i = 0; i < n_digits; i++)
    place[i] = digits[(number >> (60 - 4 * i)) & 0xf];
}

/**
 * generate_actions_make_uuid:
 * @kind: what it is for; different kinds have different ones
 * @uuid: of GENERATE_UUID_SIZE bytes
 */
void
generate_actions_make_uuid (GenerateActions *self, guint64 kind, guint64 index, char *uuid)
{
  Random random = begin (self, FOR_UUID, mix (kind) ^ index);
  guint64 first = next (&random);
  guint64 second = next (&random);
  char digits[32];

  put_hex (digits, first, 16);
  put_hex (digits + 16, second, 16);
  digits[12] = '4';
  digits[16] = "89ab"[second >> 62];
  g_snprintf (uuid, GENERATE_UUID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8,
              digits + 12, digits + 16, digits + 20);
}

/* --- where an action belongs --- */

static guint64
find_investigation (guint64 action, guint64 *first, guint *size)
{
  guint64 cycle = action / CYCLE;
  guint64 start = cycle * CYCLE;
  guint i = 0;

  while (action >= start + group_sizes[i])
    start += group_sizes[i++];
  *first = start;
  *size = group_sizes[i];
  return cycle * G_N_ELEMENTS (group_sizes) + i;
}

/**
 * generate_actions_new:
 * @now: microseconds since 1970: when the last of them were proposed
 */
GenerateActions *
generate_actions_new (guint64 n_actions, guint64 seed, gint64 now)
{
  GenerateActions *self = g_new0 (GenerateActions, 1);
  guint64 first;
  guint size;

  self->n = n_actions;
  self->seed = seed;
  self->now = now;
  self->n_investigations =
      n_actions > 0 ? find_investigation (n_actions - 1, &first, &size) + 1 : 0;
  self->investigation.title = g_string_new (NULL);
  self->action.details = g_string_new (NULL);
  self->action.entity = g_string_new (NULL);
  self->action.words = g_string_new (NULL);
  for (guint i = 0; i < GENERATE_MOST_ASSETS; i++)
    self->action.assets[i].name = g_string_new (NULL);
  return self;
}

void
generate_actions_free (GenerateActions *self)
{
  if (self == NULL)
    return;
  g_string_free (self->investigation.title, TRUE);
  g_string_free (self->action.details, TRUE);
  g_string_free (self->action.entity, TRUE);
  g_string_free (self->action.words, TRUE);
  for (guint i = 0; i < GENERATE_MOST_ASSETS; i++)
    g_string_free (self->action.assets[i].name, TRUE);
  g_free (self);
}

guint64
generate_actions_get_n (GenerateActions *self)
{
  return self->n;
}

static void
make_operation (GenerateActions *self, Random *random, GenerateDecision slot, gint64 at)
{
  static const AcDecision decisions[] = { AC_DECISION_APPROVE, AC_DECISION_REJECT,
                                          AC_DECISION_UNDO };
  GenerateOperation *operation = &self->investigation.operations[slot];

  generate_actions_make_uuid (self, 10 + slot, self->investigation.index, operation->id);
  operation->decision = decisions[slot];
  operation->actor = pick (random, &generate_analysts);
  operation->comment = below (random, 3) == 0 ? pick (random, &generate_comments) : NULL;
  operation->at = MIN (at, self->now);
}

static guint
choose_type (Random *random, guint64 index)
{
  guint share;
  guint i = 0;

  /* Even the smallest number has each type. */
  if (index < G_N_ELEMENTS (types))
    return (guint)index;
  share = below (random, 100);
  while (share >= types[i].share)
    share -= types[i++].share;
  return i;
}

/**
 * generate_actions_get_investigation:
 * @action: the index of one of its actions
 */
const GenerateInvestigation *
generate_actions_get_investigation (GenerateActions *self, guint64 action)
{
  static const char *const severities[] = { "low", "medium", "high", "critical" };
  static const char *const triggers[] = { "alert", "userReport", "automation" };
  static const char *const sources[] = { "mailFilter", "sandbox", "endpoint", "reportButton" };
  GenerateInvestigation *made = &self->investigation;
  guint64 first;
  guint size;
  guint64 index = find_investigation (action, &first, &size);
  gint64 step = SPAN / (gint64)self->n_investigations;
  Random random;
  gint64 decided_at;

  if (self->known == index + 1)
    return made;
  random = begin (self, FOR_INVESTIGATION, index);
  self->known = index + 1;
  made->index = index;
  made->first = first;
  made->n_actions = (guint)MIN (size, self->n - first);
  generate_actions_make_uuid (self, 1, index, made->id);
  g_snprintf (made->external_id, sizeof made->external_id, "alert-%" G_GUINT64_FORMAT, index + 1);
  made->type = types[choose_type (&random, index)].type;
  g_string_assign (made->title, pick (&random, &generate_titles));
  g_string_append_printf (made->title, " (%" G_GUINT64_FORMAT ")", index + 1);
  made->severity = severities[below (&random, G_N_ELEMENTS (severities))];
  made->started_by = triggers[below (&random, G_N_ELEMENTS (triggers))];
  made->detection_source = sources[below (&random, G_N_ELEMENTS (sources))];
  made->verdict = below (&random, 4) > 0 ? AC_VERDICT_MALICIOUS : AC_VERDICT_SUSPICIOUS;
  made->created_at = self->now - SPAN + (gint64)index * step + duration (&random, 0, MAX (step, 1));
  decided_at = made->created_at + duration (&random, 60 * SECOND, 2 * G_TIME_SPAN_DAY);
  make_operation (self, &random, GENERATE_APPROVE, decided_at);
  make_operation (self, &random, GENERATE_REJECT,
                  decided_at + duration (&random, SECOND, 600 * SECOND));
  make_operation (self, &random, GENERATE_UNDO,
                  decided_at + duration (&random, 3600 * SECOND, 3 * G_TIME_SPAN_DAY));
  return made;
}

/* --- what became of it --- */

static AcStatus
choose_status (GenerateActions *self, const GenerateInvestigation *investigation, guint64 index)
{
  /* Something is always under way, but not much: a service that is started on it goes on with it.
   */
  static const AcStatus under_way[] = { AC_STATUS_QUEUED, AC_STATUS_RUNNING, AC_STATUS_UNDO_QUEUED,
                                        AC_STATUS_UNDOING };
  Random random = begin (self, FOR_STATUS, index);
  gint64 age = self->now - investigation->created_at;
  guint share;
  guint i = 0;
  AcStatus status;

  if (self->n >= 100 && index >= self->n - 24 && index < self->n - 16)
    return under_way[index % G_N_ELEMENTS (under_way)];
  if (age < MAY_BE_PENDING && below (&random, 100) < 40)
    return AC_STATUS_PENDING;
  share = below (&random, 1000);
  while (share >= fates[i].share)
    share -= fates[i++].share;
  status = fates[i].status;
  /* Nothing has happened yet that is to come. */
  if (status == AC_STATUS_EXPIRED && age <= LIFETIME)
    status = AC_STATUS_COMPLETED;
  if ((status == AC_STATUS_UNDONE || status == AC_STATUS_UNDO_FAILED) &&
      investigation->operations[GENERATE_UNDO].at + 300 * SECOND > self->now)
    status = AC_STATUS_COMPLETED;
  if (status != AC_STATUS_EXPIRED &&
      investigation->operations[GENERATE_REJECT].at + 300 * SECOND > self->now)
    status = AC_STATUS_PENDING;
  return status;
}

static void
add_event (GenerateActions *self, AcEvent event, GenerateDecision decision, gint64 at)
{
  GenerateAction *made = &self->action;
  GenerateEvent *added = &made->events[made->n_events];

  added->event = event;
  added->before = made->events[made->n_events - 1].after;
  g_assert (ac_transition_find (added->before, event, &added->after));
  added->decision = decision;
  added->actor =
      decision != GENERATE_NO_DECISION ? self->investigation.operations[decision].actor : "service";
  if (decision != GENERATE_NO_DECISION)
    made->decision = decision;
  /* What is under way may have been decided this very moment. */
  added->at = MIN (at, self->now);
  made->n_events++;
}

static void
carry_out (GenerateActions *self, Random *random, GenerateDecision decision, AcEvent end)
{
  GenerateAction *made = &self->action;
  gint64 at = self->investigation.operations[decision].at + 10 * SECOND + made->position * SECOND;

  add_event (self, AC_EVENT_START, GENERATE_NO_DECISION, at);
  if (end != AC_EVENT_START)
    add_event (self, end, GENERATE_NO_DECISION, at + duration (random, SECOND / 5, 9 * SECOND));
}

static void
decide (GenerateActions *self, GenerateDecision decision, AcEvent event)
{
  add_event (self, event, decision, self->investigation.operations[decision].at);
}

static void
make_events (GenerateActions *self, Random *random)
{
  GenerateAction *made = &self->action;
  AcStatus status = made->status;

  made->n_events = 1;
  made->decision = GENERATE_NO_DECISION;
  made->events[0] = (GenerateEvent){ .before = AC_STATUS_UNKNOWN,
                                     .after = AC_STATUS_PENDING,
                                     .decision = GENERATE_NO_DECISION,
                                     .actor = "detector",
                                     .at = made->created_at };
  switch (status)
    {
    case AC_STATUS_PENDING:
      break;
    case AC_STATUS_REJECTED:
      decide (self, GENERATE_REJECT, AC_EVENT_REJECT);
      break;
    case AC_STATUS_EXPIRED:
      add_event (self, AC_EVENT_EXPIRE, GENERATE_NO_DECISION, made->expires_at);
      break;
    case AC_STATUS_CANCELLED:
      add_event (self, AC_EVENT_NOTHING_LEFT, GENERATE_NO_DECISION,
                 self->investigation.operations[GENERATE_APPROVE].at);
      break;
    case AC_STATUS_QUEUED:
      decide (self, GENERATE_APPROVE, AC_EVENT_APPROVE);
      break;
    case AC_STATUS_RUNNING:
      decide (self, GENERATE_APPROVE, AC_EVENT_APPROVE);
      carry_out (self, random, GENERATE_APPROVE, AC_EVENT_START);
      break;
    case AC_STATUS_FAILED:
    case AC_STATUS_PARTLY_COMPLETED:
      decide (self, GENERATE_APPROVE, AC_EVENT_APPROVE);
      carry_out (self, random, GENERATE_APPROVE,
                 status == AC_STATUS_FAILED ? AC_EVENT_FAIL : AC_EVENT_SUCCEED_PARTLY);
      break;
    case AC_STATUS_COMPLETED:
    case AC_STATUS_UNDO_QUEUED:
    case AC_STATUS_UNDOING:
    case AC_STATUS_UNDONE:
    case AC_STATUS_UNDO_FAILED:
    case AC_STATUS_UNKNOWN:
    default:
      decide (self, GENERATE_APPROVE, AC_EVENT_APPROVE);
      carry_out (self, random, GENERATE_APPROVE, AC_EVENT_SUCCEED);
      if (status == AC_STATUS_COMPLETED)
        break;
      decide (self, GENERATE_UNDO, AC_EVENT_UNDO);
      if (status != AC_STATUS_UNDO_QUEUED)
        carry_out (self, random, GENERATE_UNDO,
                   status == AC_STATUS_UNDOING  ? AC_EVENT_START
                   : status == AC_STATUS_UNDONE ? AC_EVENT_SUCCEED
                                                : AC_EVENT_FAIL);
      break;
    }
  made->updated_at = made->events[made->n_events - 1].at;
}

static void
make_outcome (GenerateAction *made, Random *random, guint i)
{
  GenerateAsset *asset = &made->assets[i];

  asset->outcome = AC_OUTCOME_UNKNOWN;
  asset->detail = NULL;
  asset->moved = FALSE;
  asset->at = made->updated_at;
  switch (made->status)
    {
    case AC_STATUS_COMPLETED:
    case AC_STATUS_UNDO_QUEUED:
    case AC_STATUS_UNDOING:
      asset->moved = i == 0 || below (random, 10) > 0;
      asset->outcome = asset->moved ? AC_OUTCOME_MOVED : AC_OUTCOME_NOT_FOUND;
      break;
    case AC_STATUS_PARTLY_COMPLETED:
      asset->moved = i % 2 == 0;
      asset->outcome = asset->moved ? AC_OUTCOME_MOVED : AC_OUTCOME_FAILED;
      break;
    case AC_STATUS_UNDO_FAILED:
      asset->moved = TRUE;
      asset->outcome = AC_OUTCOME_FAILED;
      break;
    case AC_STATUS_UNDONE:
      asset->outcome = AC_OUTCOME_RESTORED;
      break;
    case AC_STATUS_FAILED:
      asset->outcome = AC_OUTCOME_FAILED;
      break;
    default:
      break;
    }
  if (asset->outcome == AC_OUTCOME_FAILED)
    asset->detail = pick (random, &generate_failures);
  made->n_moved += asset->moved;
}

static void
make_assets (GenerateAction *made, Random *random)
{
  made->n_assets = 1;
  if (made->type == AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER)
    made->n_assets = 2 + below (random, GENERATE_MOST_ASSETS - 1);
  else if (made->status == AC_STATUS_PARTLY_COMPLETED || below (random, 8) == 0)
    made->n_assets = 2;
  made->n_moved = 0;
  for (guint i = 0; i < made->n_assets; i++)
    {
      GString *name = made->assets[i].name;

      /* The number keeps the assets of one action apart. */
      g_string_truncate (name, 0);
      if (made->type == AC_ACTION_TYPE_QUARANTINE_FILE)
        g_string_append_printf (name, "pc-%05u", below (random, 2500) * GENERATE_MOST_ASSETS + i);
      else
        g_string_append_printf (name, "%s.%s%u@%s", pick (random, &generate_given_names),
                                pick (random, &generate_family_names),
                                below (random, 3) * GENERATE_MOST_ASSETS + i,
                                pick (random, &generate_own_domains));
      make_outcome (made, random, i);
    }
}

/* --- what it is about --- */

static void
add_word (GenerateAction *made, const char *name, const char *value)
{
  ac_json_text_add_string (made->entity, name, value);
  g_string_append_printf (made->words, "\n%s", value);
}

static void
add_words (GenerateAction *made, const char *name, const char *const *values, guint n)
{
  ac_json_text_add_name (made->entity, name);
  ac_json_text_open (made->entity, '[');
  for (guint i = 0; i < n; i++)
    {
      ac_json_text_add_element (made->entity, values[i]);
      g_string_append_printf (made->words, "\n%s", values[i]);
    }
  ac_json_text_close (made->entity, ']');
}

static void
add_message_id (GenerateAction *made, Random *random)
{
  char digits[20] = { 0 };
  g_autofree char *id = NULL;

  put_hex (digits, next (random), 16);
  id = g_strdup_printf ("<%s.%" G_GUINT64_FORMAT "@%s>", digits, made->index,
                        pick (random, &generate_sender_domains));
  add_word (made, "messageId", id);
}

static void
add_sender (GenerateAction *made, Random *random)
{
  char sender[160];

  g_snprintf (sender, sizeof sender, "%s@%s", pick (random, &generate_sender_names),
              pick (random, &generate_sender_domains));
  add_word (made, "sender", sender);
}

static void
add_hash (GenerateAction *made, Random *random)
{
  char hash[65] = { 0 };

  for (guint i = 0; i < 4; i++)
    put_hex (hash + 16 * i, next (random), 16);
  add_word (made, "sha256", hash);
}

static void
add_subject (GenerateAction *made, Random *random, const char *name)
{
  g_string_truncate (made->details, 0);
  add_numbered (made->details, pick (random, &generate_subjects), 1000 + below (random, 99000));
  add_word (made, name, made->details->str);
}

static void
add_email (GenerateAction *made, Random *random)
{
  const char *recipients[] = { made->assets[0].name->str };
  const char *threats[] = { pick (random, &generate_threats) };
  char time[AC_TIME_SIZE];

  add_message_id (made, random);
  add_subject (made, random, "subject");
  add_sender (made, random);
  add_words (made, "recipients", recipients, 1);
  ac_time_print (made->created_at - duration (random, SECOND, G_TIME_SPAN_HOUR), time);
  add_word (made, "receivedAt", time);
  add_word (made, "folder", pick (random, &generate_folders));
  add_words (made, "threats", threats, 1);
  ac_json_text_add_integer (made->entity, "size", 2000 + below (random, 3000000));
}

static void
add_cluster (GenerateAction *made, Random *random)
{
  const char *threats[] = { pick (random, &generate_threats), "campaign" };
  g_autofree char *query = NULL;
  char time[AC_TIME_SIZE];

  add_subject (made, random, "name");
  query = g_strdup_printf ("sender:%s subject:\"%s\"", pick (random, &generate_sender_domains),
                           made->details->str);
  add_word (made, "query", query);
  ac_json_text_add_integer (made->entity, "emailCount", made->n_assets * (1 + below (random, 40)));
  add_words (made, "threats", threats, 2);
  ac_time_print (made->created_at, time);
  add_word (made, "queriedAt", time);
}

static void
add_file_name (GenerateAction *made, Random *random, GString *name)
{
  add_numbered (name, pick (random, &generate_file_names), 1 + below (random, 9999));
}

static void
add_attachment (GenerateAction *made, Random *random)
{
  add_message_id (made, random);
  add_subject (made, random, "subject");
  add_sender (made, random);
  g_string_truncate (made->details, 0);
  add_file_name (made, random, made->details);
  add_word (made, "fileName", made->details->str);
  add_hash (made, random);
  add_word (made, "mediaType", pick (random, &generate_media_types));
  ac_json_text_add_integer (made->entity, "size", 500 + below (random, 900000));
}

static void
add_url (GenerateAction *made, Random *random)
{
  const char *threats[] = { pick (random, &generate_threats) };

  g_string_printf (made->details, "https://%s/%s%x", pick (random, &generate_sender_domains),
                   pick (random, &generate_url_paths), below (random, 1 << 24));
  add_word (made, "url", made->details->str);
  add_words (made, "threats", threats, 1);
}

static void
add_mailbox (GenerateAction *made, Random *random)
{
  g_autofree char *target =
      g_strdup_printf ("%s%u@%s", pick (random, &generate_given_names), below (random, 999),
                       pick (random, &generate_sender_domains));
  const char *targets[] = { target };

  g_string_assign (made->details, made->assets[0].name->str);
  add_word (made, "address", made->details->str);
  add_words (made, "forwardingTargets", targets, 1);
}

static void
add_file (GenerateAction *made, Random *random)
{
  g_autoptr (GString) name = g_string_new (NULL);
  const char *person = pick (random, &generate_given_names);

  add_file_name (made, random, name);
  if (below (random, 3) > 0)
    g_string_printf (made->details, "C:\\Users\\%s\\Downloads\\%s", person, name->str);
  else
    g_string_printf (made->details, "/home/%s/Téléchargements/%s", person, name->str);
  add_word (made, "path", made->details->str);
  add_hash (made, random);
  add_word (made, "fileName", name->str);
  ac_json_text_add_integer (made->entity, "size", 1000 + below (random, 90000000));
}

static void
make_entity (GenerateAction *made, Random *random)
{
  g_string_truncate (made->details, 0);
  g_string_truncate (made->entity, 0);
  g_string_truncate (made->words, 0);
  ac_json_text_open (made->entity, '{');
  add_word (made, "type", ac_entity_type_wire (made->entity_type));
  switch (made->entity_type)
    {
    case AC_ENTITY_TYPE_EMAIL_CLUSTER:
      add_cluster (made, random);
      break;
    case AC_ENTITY_TYPE_ATTACHMENT:
      add_attachment (made, random);
      break;
    case AC_ENTITY_TYPE_URL:
      add_url (made, random);
      break;
    case AC_ENTITY_TYPE_MAILBOX:
      add_mailbox (made, random);
      break;
    case AC_ENTITY_TYPE_FILE:
      add_file (made, random);
      break;
    default:
      add_email (made, random);
      break;
    }
  ac_json_text_close (made->entity, '}');
}

/**
 * generate_actions_get:
 * @index: less than the number of actions
 */
const GenerateAction *
generate_actions_get (GenerateActions *self, guint64 index)
{
  const GenerateInvestigation *investigation = generate_actions_get_investigation (self, index);
  GenerateAction *made = &self->action;
  Random random = begin (self, FOR_ACTION, index);

  g_assert (index < self->n);
  made->index = index;
  made->position = (guint)(index - investigation->first);
  generate_actions_make_uuid (self, 2, index, made->id);
  made->type = investigation->type;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == made->type)
      made->entity_type = types[i].entity;
  made->verdict = investigation->verdict;
  made->source = made->type == AC_ACTION_TYPE_QUARANTINE_FILE ? AC_SOURCE_AUTOMATED_DEVICE
                 : below (&random, 20) == 0                   ? AC_SOURCE_MANUAL
                 : below (&random, 20) == 0                   ? AC_SOURCE_API
                                                              : AC_SOURCE_AUTOMATED_EMAIL;
  made->reason = pick (&random, &generate_reasons);
  for (guint i = 0; i < 4; i++)
    put_hex (made->digest + 16 * i, next (&random), 16);
  made->digest[64] = '\0';
  made->created_at = investigation->created_at + made->position;
  made->expires_at = made->created_at + LIFETIME;
  made->status = choose_status (self, investigation, index);
  make_events (self, &random);
  make_assets (made, &random);
  make_entity (made, &random);
  return made;
}
