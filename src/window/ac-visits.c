/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "window/ac-visits.h"

/* Nobody goes back further. */
#define MOST_VISITS 200

struct _AcVisits
{
  GPtrArray *visits; /* of AcVisit */
  guint current;     /* of the one that is shown; meaningless while there is none */
};

static void
visit_free (gpointer data)
{
  AcVisit *visit = data;

  g_free (visit->page);
  g_free (visit->id);
  g_free (visit);
}

/**
 * ac_visits_new:
 *
 * Returns: (transfer full): nothing was looked at yet.
 */
AcVisits *
ac_visits_new (void)
{
  AcVisits *visits = g_new0 (AcVisits, 1);

  visits->visits = g_ptr_array_new_with_free_func (visit_free);
  return visits;
}

/**
 * ac_visits_free:
 * @visits: (nullable):
 */
void
ac_visits_free (AcVisits *visits)
{
  if (visits == NULL)
    return;
  g_ptr_array_unref (visits->visits);
  g_free (visits);
}

/**
 * ac_visits_add:
 * @page: the name of a page
 * @id: (nullable): of what is looked at on it; %NULL: of the page as a whole
 *
 * Says what is looked at now. What had been gone back from is forgotten. A page on which nothing
 * was looked at yet is no stop of its own, and neither is what is shown already.
 */
void
ac_visits_add (AcVisits *visits, const char *page, const char *id)
{
  AcVisit *visit;
  AcVisit *current;

  g_return_if_fail (visits != NULL);
  g_return_if_fail (page != NULL);

  current = visits->visits->len > 0 ? visits->visits->pdata[visits->current] : NULL;
  if (current != NULL && g_strcmp0 (current->page, page) == 0)
    {
      if (id == NULL || g_strcmp0 (current->id, id) == 0)
        return;
      if (current->id == NULL)
        {
          current->id = g_strdup (id);
          return;
        }
    }
  if (current != NULL)
    g_ptr_array_set_size (visits->visits, (int)visits->current + 1);
  if (visits->visits->len == MOST_VISITS)
    g_ptr_array_remove_index (visits->visits, 0);
  visit = g_new0 (AcVisit, 1);
  visit->page = g_strdup (page);
  visit->id = g_strdup (id);
  g_ptr_array_add (visits->visits, visit);
  visits->current = visits->visits->len - 1;
}

/**
 * ac_visits_get_current:
 *
 * Returns: (transfer none) (nullable): what is looked at, or is about to be; %NULL: nothing was yet.
 */
const AcVisit *
ac_visits_get_current (const AcVisits *visits)
{
  g_return_val_if_fail (visits != NULL, NULL);

  return visits->visits->len > 0 ? visits->visits->pdata[visits->current] : NULL;
}

/**
 * ac_visits_can_step:
 * @by: -1 back, 1 forward
 */
gboolean
ac_visits_can_step (const AcVisits *visits, int by)
{
  g_return_val_if_fail (visits != NULL, FALSE);

  return by < 0 ? visits->current > 0 : visits->current + 1 < visits->visits->len;
}

/**
 * ac_visits_step:
 * @by: -1 back, 1 forward
 *
 * Returns: (transfer none) (nullable): what is to be shown now; %NULL: there is nothing there.
 */
const AcVisit *
ac_visits_step (AcVisits *visits, int by)
{
  g_return_val_if_fail (visits != NULL, NULL);

  if (!ac_visits_can_step (visits, by))
    return NULL;
  visits->current = by < 0 ? visits->current - 1 : visits->current + 1;
  return visits->visits->pdata[visits->current];
}
