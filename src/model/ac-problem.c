/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-problem.h"
#include "model/ac-time.h"

static void
conflict_free (gpointer data)
{
  AcConflict *conflict = data;

  g_free (conflict->action_id);
  g_free (conflict->status);
  g_free (conflict->decision);
  g_free (conflict->decided_by);
  g_free (conflict);
}

static void
target_free (gpointer data)
{
  AcProblemTarget *target = data;

  g_free (target->action_id);
  g_free (target->digest);
  g_free (target);
}

/**
 * ac_problem_new:
 * @status: the HTTP status
 * @type: the stable key of the problem
 * @title: a few words that are the same for each problem of this type
 * @detail: (nullable): a sentence for a person about this one
 *
 * Returns: (transfer full): a problem without field and conflicts.
 */
AcProblem *
ac_problem_new (guint status, const char *type, const char *title, const char *detail)
{
  AcProblem *problem = g_new0 (AcProblem, 1);

  problem->status = status;
  problem->type = g_strdup (type);
  problem->title = g_strdup (title);
  problem->detail = g_strdup (detail);
  problem->conflicts = g_ptr_array_new_with_free_func (conflict_free);
  problem->messages = problem->mailboxes = -1;
  problem->targets = g_ptr_array_new_with_free_func (target_free);
  return problem;
}

static void
read_scope (AcProblem *problem, JsonObject *object)
{
  JsonArray *targets = ac_json_get_array (object, "targets");

  problem->messages = ac_json_get_integer (object, "messages", -1);
  problem->mailboxes = ac_json_get_integer (object, "mailboxes", -1);
  for (guint i = 0; targets != NULL && i < json_array_get_length (targets); i++)
    {
      JsonObject *target = ac_json_element_object (targets, i, "targets", NULL);

      if (target != NULL && ac_json_get_string (target, "actionId") != NULL &&
          ac_json_get_string (target, "digest") != NULL)
        ac_problem_add_target (problem, ac_json_get_string (target, "actionId"),
                               ac_json_get_string (target, "digest"));
    }
}

static void
write_scope (const AcProblem *problem, JsonObject *object)
{
  JsonArray *targets;

  if (problem->messages < 0)
    return;
  json_object_set_int_member (object, "messages", problem->messages);
  json_object_set_int_member (object, "mailboxes", problem->mailboxes);
  targets = json_array_new ();
  for (guint i = 0; i < problem->targets->len; i++)
    {
      const AcProblemTarget *target = problem->targets->pdata[i];
      JsonObject *element = json_object_new ();

      ac_json_set_string (element, "actionId", target->action_id);
      ac_json_set_string (element, "digest", target->digest);
      json_array_add_object_element (targets, element);
    }
  json_object_set_array_member (object, "targets", targets);
}

/**
 * ac_problem_new_from_json:
 * @object: a problem document of any service (RFC 9457 §3.1: every member may be absent)
 * @http_status: the status of the answer it came with
 *
 * Returns: (transfer full): the problem; what is absent or of a wrong type is left out.
 */
AcProblem *
ac_problem_new_from_json (JsonObject *object, guint http_status)
{
  const char *type = ac_json_get_string (object, "type");
  const char *title = ac_json_get_string (object, "title");
  AcProblem *problem =
      ac_problem_new (http_status, type != NULL ? type : "about:blank",
                      title != NULL ? title : "Error", ac_json_get_string (object, "detail"));
  JsonArray *conflicts = ac_json_get_array (object, "conflicts");

  problem->field = g_strdup (ac_json_get_string (object, "field"));
  for (guint i = 0; conflicts != NULL && i < json_array_get_length (conflicts); i++)
    {
      JsonObject *conflict = ac_json_element_object (conflicts, i, "conflicts", NULL);

      if (conflict == NULL || ac_json_get_string (conflict, "actionId") == NULL)
        continue;
      ac_problem_add_conflict (
          problem, ac_json_get_string (conflict, "actionId"),
          ac_json_get_string (conflict, "status"), ac_json_get_string (conflict, "decision"),
          ac_json_get_string (conflict, "decidedBy"), ac_json_get_time (conflict, "decidedAt"));
    }
  read_scope (problem, object);
  return problem;
}

/**
 * ac_problem_add_target:
 * @digest: of what the action is about now
 */
void
ac_problem_add_target (AcProblem *problem, const char *action_id, const char *digest)
{
  AcProblemTarget *target = g_new0 (AcProblemTarget, 1);

  target->action_id = g_strdup (action_id);
  target->digest = g_strdup (digest);
  g_ptr_array_add (problem->targets, target);
}

/**
 * ac_problem_wants_confirmation:
 *
 * Returns: whether the same approval goes through when it names the targets and the number of
 * messages that stand here.
 */
gboolean
ac_problem_wants_confirmation (const AcProblem *problem)
{
  return problem->messages >= 0 && problem->targets->len > 0;
}

/**
 * ac_problem_add_conflict:
 * @decided_by: (nullable): who was first
 * @decided_at: when, or AC_TIME_NONE
 */
void
ac_problem_add_conflict (AcProblem *problem,
                         const char *action_id,
                         const char *status,
                         const char *decision,
                         const char *decided_by,
                         gint64 decided_at)
{
  AcConflict *conflict = g_new0 (AcConflict, 1);

  conflict->action_id = g_strdup (action_id);
  conflict->status = g_strdup (status);
  conflict->decision = g_strdup (decision);
  conflict->decided_by = g_strdup (decided_by);
  conflict->decided_at = decided_at;
  g_ptr_array_add (problem->conflicts, conflict);
}

/**
 * ac_problem_to_json:
 *
 * Returns: (transfer full): the problem document.
 */
JsonObject *
ac_problem_to_json (const AcProblem *problem)
{
  JsonObject *object = json_object_new ();

  ac_json_set_string (object, "type", problem->type);
  ac_json_set_string (object, "title", problem->title);
  json_object_set_int_member (object, "status", problem->status);
  ac_json_set_string (object, "detail", problem->detail);
  ac_json_set_string (object, "field", problem->field);
  if (problem->conflicts->len > 0)
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < problem->conflicts->len; i++)
        {
          const AcConflict *conflict = problem->conflicts->pdata[i];
          JsonObject *element = json_object_new ();

          ac_json_set_string (element, "actionId", conflict->action_id);
          ac_json_set_string (element, "status", conflict->status);
          ac_json_set_string (element, "decision", conflict->decision);
          ac_json_set_string (element, "decidedBy", conflict->decided_by);
          ac_json_set_time (element, "decidedAt", conflict->decided_at);
          json_array_add_object_element (array, element);
        }
      json_object_set_array_member (object, "conflicts", array);
    }
  write_scope (problem, object);
  return object;
}

void
ac_problem_free (AcProblem *problem)
{
  if (problem == NULL)
    return;
  g_free (problem->type);
  g_free (problem->title);
  g_free (problem->detail);
  g_free (problem->field);
  g_ptr_array_unref (problem->conflicts);
  g_ptr_array_unref (problem->targets);
  g_free (problem);
}
