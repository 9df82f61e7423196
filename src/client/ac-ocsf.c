/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-ocsf.h"
#include "model/ac-json.h"
#include "model/ac-time.h"

#define SCHEMA_VERSION "1.8.0"

/* activity_id: what was done, by the tactics of D3FEND. */
enum
{
  ACTIVITY_ISOLATE = 1,
  ACTIVITY_EVICT = 2,
  ACTIVITY_RESTORE = 3,
  ACTIVITY_HARDEN = 4,
  ACTIVITY_OTHER = 99,
};

enum
{
  STATUS_SUCCESS = 1,
  STATUS_FAILURE = 2,
  STATUS_DOES_NOT_EXIST = 3,
  STATUS_PARTIAL = 4,
  STATUS_OTHER = 99,
};

enum
{
  DISPOSITION_QUARANTINED = 3,
  DISPOSITION_DELETED = 5,
  DISPOSITION_APPROVED = 8,
  DISPOSITION_RESTORED = 9,
  DISPOSITION_REJECTED = 25,
};

typedef struct
{
  gint64 activity;
  const char *tactic;
  const char *technique; /* with its id in front */
  const char *technique_id;
  gint64 disposition;
} Meaning;

static Meaning
meaning_of (AcAction *action)
{
  switch (ac_action_type_parse (ac_action_get_action_type (action)))
    {
    case AC_ACTION_TYPE_SOFT_DELETE_EMAIL:
    case AC_ACTION_TYPE_SOFT_DELETE_EMAIL_CLUSTER:
      return (Meaning){ ACTIVITY_EVICT, "Evict", "Email Removal", "D3-ER", DISPOSITION_DELETED };
    case AC_ACTION_TYPE_QUARANTINE_EMAIL:
    case AC_ACTION_TYPE_QUARANTINE_ATTACHMENT:
    case AC_ACTION_TYPE_QUARANTINE_FILE:
      return (Meaning){ ACTIVITY_ISOLATE, "Isolate", "Content Quarantine", "D3-CQ",
                        DISPOSITION_QUARANTINED };
    case AC_ACTION_TYPE_BLOCK_URL:
      return (Meaning){ ACTIVITY_ISOLATE, "Isolate", "Outbound Traffic Filtering", "D3-OTF", 0 };
    case AC_ACTION_TYPE_TURN_OFF_MAIL_FORWARDING:
      return (Meaning){ ACTIVITY_HARDEN, "Harden", "Application Configuration Hardening", "D3-ACH",
                        0 };
    case AC_ACTION_TYPE_UNKNOWN:
    default:
      return (Meaning){ ACTIVITY_OTHER, NULL, NULL, NULL, 0 };
    }
}

static gint64
status_of (AcStatus status)
{
  switch (status)
    {
    case AC_STATUS_COMPLETED:
    case AC_STATUS_UNDONE:
      return STATUS_SUCCESS;
    case AC_STATUS_FAILED:
    case AC_STATUS_UNDO_FAILED:
      return STATUS_FAILURE;
    case AC_STATUS_CANCELLED:
      return STATUS_DOES_NOT_EXIST;
    case AC_STATUS_PARTLY_COMPLETED:
      return STATUS_PARTIAL;
    case AC_STATUS_PENDING:
    case AC_STATUS_QUEUED:
    case AC_STATUS_RUNNING:
    case AC_STATUS_UNDO_QUEUED:
    case AC_STATUS_UNDOING:
    case AC_STATUS_REJECTED:
    case AC_STATUS_EXPIRED:
    case AC_STATUS_UNKNOWN:
    default:
      return STATUS_OTHER;
    }
}

static gint64
disposition_of (AcAction *action, gboolean undo, gboolean undone_for_some, const Meaning *meaning)
{
  if (undone_for_some)
    return DISPOSITION_RESTORED;
  switch (ac_action_get_status_value (action))
    {
    case AC_STATUS_REJECTED:
      return DISPOSITION_REJECTED;
    case AC_STATUS_UNDONE:
      return DISPOSITION_RESTORED;
    case AC_STATUS_COMPLETED:
    case AC_STATUS_PARTLY_COMPLETED:
      return meaning->disposition;
    default:
      return ac_action_get_decision (action) != NULL && !undo ? DISPOSITION_APPROVED : 0;
    }
}

/* severity_id: 1 informational … 5 critical, of what the action is about. */
static gint64
severity_of (const char *verdict)
{
  switch ((AcVerdict)ac_vocabulary_parse (AC_VOCABULARY_VERDICT, verdict))
    {
    case AC_VERDICT_MALICIOUS:
      return 4;
    case AC_VERDICT_SUSPICIOUS:
      return 3;
    case AC_VERDICT_NO_THREATS_FOUND:
      return 1;
    case AC_VERDICT_UNKNOWN:
    case AC_VERDICT_UNKNOWN_TO_US:
    default:
      return 0;
    }
}

static void
add_metadata (JsonObject *event, AcAction *action, gboolean host)
{
  JsonObject *metadata = json_object_new ();
  JsonObject *product = json_object_new ();
  JsonArray *profiles = json_array_new ();
  g_autofree char *uid = g_strdup_printf ("%s.%" G_GINT64_FORMAT, ac_action_get_id (action),
                                          ac_action_get_version (action));

  json_object_set_string_member (product, "name", "Action Center");
  json_object_set_string_member (product, "vendor_name", "Action Center project");
  json_object_set_string_member (product, "version", AC_VERSION);
  if (host)
    json_array_add_string_element (profiles, "host");
  json_array_add_string_element (profiles, "security_control");
  json_object_set_string_member (metadata, "version", SCHEMA_VERSION);
  json_object_set_object_member (metadata, "product", product);
  json_object_set_array_member (metadata, "profiles", profiles);
  json_object_set_string_member (metadata, "uid", uid);
  ac_json_set_string (metadata, "correlation_uid", ac_action_get_investigation_id (action));
  json_object_set_object_member (event, "metadata", metadata);
}

static void
add_observable (JsonArray *observables, const char *name, gint64 type, const char *value)
{
  JsonObject *observable;

  if (value == NULL)
    return;
  observable = json_object_new ();
  json_object_set_string_member (observable, "name", name);
  json_object_set_int_member (observable, "type_id", type);
  json_object_set_string_member (observable, "value", value);
  json_array_add_object_element (observables, observable);
}

static void
add_observables (JsonObject *event, AcAction *action)
{
  AcEntity *entity = ac_action_get_entity (action);
  JsonArray *observables = json_array_new ();
  const char *const *assets = ac_action_get_assets (action);

  add_observable (observables, "message_uid", 42, ac_entity_get_string (entity, "messageId"));
  add_observable (observables, "from", 5, ac_entity_get_string (entity, "sender"));
  add_observable (observables, "url", 6, ac_entity_get_string (entity, "url"));
  add_observable (observables, "file.path", 45, ac_entity_get_string (entity, "path"));
  add_observable (observables, "file.hashes.value", 8, ac_entity_get_string (entity, "sha256"));
  for (guint i = 0; assets[i] != NULL; i++)
    add_observable (observables, "asset", strchr (assets[i], '@') != NULL ? 5 : 1, assets[i]);
  json_object_set_array_member (event, "observables", observables);
}

static void
add_file (JsonObject *event, AcAction *action)
{
  AcEntity *entity = ac_action_get_entity (action);
  const char *path = ac_entity_get_string (entity, "path");
  const char *hash = ac_entity_get_string (entity, "sha256");
  JsonObject *file = json_object_new ();
  g_autofree char *name = g_path_get_basename (path != NULL ? path : "unknown");

  json_object_set_string_member (file, "name", name);
  json_object_set_int_member (file, "type_id", 1);
  ac_json_set_string (file, "path", path);
  if (hash != NULL)
    {
      JsonArray *hashes = json_array_new ();
      JsonObject *one = json_object_new ();

      json_object_set_int_member (one, "algorithm_id", 3);
      json_object_set_string_member (one, "value", hash);
      json_array_add_object_element (hashes, one);
      json_object_set_array_member (file, "hashes", hashes);
    }
  json_object_set_object_member (event, "file", file);
}

static void
add_countermeasure (JsonObject *event, const Meaning *meaning, gboolean undo)
{
  JsonArray *all = json_array_new ();
  JsonObject *one = json_object_new ();
  JsonObject *tactic = json_object_new ();

  json_object_set_string_member (tactic, "name", undo ? "Restore" : meaning->tactic);
  json_object_set_object_member (one, "d3f_tactic", tactic);
  if (!undo)
    {
      JsonObject *technique = json_object_new ();

      json_object_set_string_member (technique, "name", meaning->technique);
      json_object_set_string_member (technique, "uid", meaning->technique_id);
      json_object_set_object_member (one, "d3f_technique", technique);
    }
  json_array_add_object_element (all, one);
  json_object_set_array_member (event, "countermeasures", all);
}

static void
add_host (JsonObject *event, AcAction *action)
{
  JsonObject *actor = json_object_new ();
  JsonObject *user = json_object_new ();
  JsonObject *device = json_object_new ();

  json_object_set_string_member (user, "name", ac_action_get_decided_by (action));
  json_object_set_int_member (user, "type_id", 1);
  json_object_set_object_member (actor, "user", user);
  json_object_set_object_member (event, "actor", actor);
  json_object_set_int_member (device, "type_id", 0);
  json_object_set_string_member (device, "hostname", ac_action_get_assets (action)[0]);
  json_object_set_object_member (event, "device", device);
}

/**
 * ac_ocsf_from_action:
 *
 * Returns: (transfer full): the event that @action is now. Its uid has the action's version in it,
 * so that a later state is another event, and the same state the same one.
 */
JsonObject *
ac_ocsf_from_action (AcAction *action)
{
  JsonObject *event = json_object_new ();
  const char *entity_type = ac_entity_get_entity_type (ac_action_get_entity (action));
  gboolean file = ac_entity_type_parse (entity_type) == AC_ENTITY_TYPE_FILE;
  gint64 class_uid = file ? 7002 : 7001;
  AcUndoState state = ac_transition_undo_state (ac_action_get_status_value (action),
                                                ac_action_get_undoable (action));
  gboolean some = ac_action_is_undone_for_some (action);
  gboolean undo = some || state == AC_UNDO_STATE_UNDONE || state == AC_UNDO_STATE_UNDOING ||
                  state == AC_UNDO_STATE_UNDO_FAILED;
  Meaning meaning = meaning_of (action);
  gint64 activity = undo ? ACTIVITY_RESTORE : meaning.activity;
  gint64 disposition = disposition_of (action, undo, some, &meaning);
  gboolean host = ac_action_get_decided_by (action) != NULL;
  g_autofree char *command = g_strconcat ("action/", ac_action_get_id (action), NULL);
  g_autofree char *message =
      host ? g_strdup_printf ("%s: %s: %s", ac_action_get_decided_by (action),
                              ac_action_get_decision (action), ac_action_get_action_type (action))
           : g_strdup_printf ("proposed: %s", ac_action_get_action_type (action));

  g_return_val_if_fail (AC_IS_ACTION (action), event);

  add_metadata (event, action, host);
  json_object_set_int_member (event, "category_uid", 7);
  json_object_set_int_member (event, "class_uid", class_uid);
  json_object_set_int_member (event, "activity_id", activity);
  json_object_set_int_member (event, "type_uid", class_uid * 100 + activity);
  json_object_set_int_member (event, "severity_id", severity_of (ac_action_get_verdict (action)));
  json_object_set_int_member (event, "time", ac_action_get_updated_at (action) / 1000);
  json_object_set_int_member (
      event, "status_id", some ? STATUS_PARTIAL : status_of (ac_action_get_status_value (action)));
  json_object_set_string_member (event, "status", ac_action_get_status (action));
  ac_json_set_string (event, "status_detail", ac_action_get_comment (action));
  json_object_set_string_member (event, "command_uid", command);
  json_object_set_string_member (event, "message", message);
  if (host)
    add_host (event, action);
  if (file)
    add_file (event, action);
  if (meaning.tactic != NULL)
    add_countermeasure (event, &meaning, undo);
  if (disposition != 0)
    json_object_set_int_member (event, "disposition_id", disposition);
  add_observables (event, action);
  return event;
}
