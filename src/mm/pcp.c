/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Per-CPU page sets: small stocks of blocks that a CPU allocates from and
 * frees to without going to the zone's free lists. The head of a list is its
 * hot end, the tail its cold one. Links of blocks on these lists are always
 * PFNs, of the highest order too.
 */
#include "config.h"

#include "free_list.h"

#define PCP_BATCH_SCALE_MAX 5 /* CONFIG_PCP_BATCH_SCALE_MAX */

unsigned int order_to_pindex(int migratetype, unsigned int order)
{
	if (order > PAGE_ALLOC_COSTLY_ORDER)
		return NR_LOWORDER_PCP_LISTS + (migratetype == MIGRATE_MOVABLE);
	return MIGRATE_PCPTYPES * order + (unsigned int)migratetype;
}

unsigned int pindex_to_order(const struct mm *mm, unsigned int pindex)
{
	return pindex >= NR_LOWORDER_PCP_LISTS ? mm->pageblock_order : pindex / MIGRATE_PCPTYPES;
}

int pindex_to_migratetype(unsigned int pindex)
{
	if (pindex >= NR_LOWORDER_PCP_LISTS)
		return pindex == NR_LOWORDER_PCP_LISTS ? MIGRATE_UNMOVABLE : MIGRATE_MOVABLE;
	return (int)(pindex % MIGRATE_PCPTYPES);
}

/* The descriptor of a block that enters a page set; migratetype is the one remembered in the page. */
static void set_pcp_page(struct mm *mm, const struct zone *zone, unsigned long pfn, unsigned int order,
			 int migratetype)
{
	struct page *page = pfn_to_page(mm, pfn);

	page->identity = (uint32_t)(PG_PCP | order) | (uint32_t)zone->id << 16;
	page->private = (uint32_t)migratetype;
}

static void clear_pcp_page(struct mm *mm, unsigned long pfn, unsigned int order)
{
	pfn_to_page(mm, pfn)->identity = 0;
	account_pageblocks(mm, pfn, order, nr_pcp, -=);
}

/* Fill a list with up to count blocks off the free lists (rmqueue_bulk). Returns how many came. */
static int rmqueue_bulk(struct mm *mm, struct zone *zone, unsigned int order, int count,
			struct page_list *list, int migratetype, unsigned int alloc_flags)
{
	int got;

	for (got = 0; got < count; got++) {
		int type = migratetype;
		unsigned long pfn = rmqueue(mm, zone, order, alloc_flags, &type);

		if (pfn == PFN_NONE)
			break;
		set_pcp_page(mm, zone, pfn, order, type);
		account_transfer(mm, pfn, order, nr_free, nr_pcp);
		page_list_add_tail(mm->memmap, list, (uint32_t)pfn);
		if (type == MIGRATE_CMA)
			mod_zone_page_state(zone, NR_FREE_CMA_PAGES, -(1L << order));
	}
	mod_zone_page_state(zone, NR_FREE_PAGES, -((long)got << order));
	trace(mm, PCP_REFILL, .zone = zone, .order = (int)order, .mt = migratetype, .a = count, .b = got,
	      .c = mm->cpu);
	return got;
}

/* How many blocks a refill asks for: fewer of the larger orders (__rmqueue_pcplist). */
static int refill_batch(const struct per_cpu_pages *pcp, unsigned int order)
{
	int scaled = pcp->batch >> order;

	if (pcp->batch <= 1)
		return pcp->batch;
	return scaled > 2 ? scaled : 2;
}

unsigned long rmqueue_pcplist(struct mm *mm, struct zone *zone, unsigned int order, int migratetype,
			      unsigned int alloc_flags, bool cold)
{
	struct per_cpu_pages *pcp = zone->this_cpu;
	struct page_list *list = &pcp->lists[order_to_pindex(migratetype, order)];
	uint32_t n;
	int type;

	pcp->free_factor >>= 1;
	if (!list->nr)
		pcp->count += rmqueue_bulk(mm, zone, order, refill_batch(pcp, order), list, migratetype,
					   alloc_flags)
			      << order;
	if (!list->nr)
		return PFN_NONE;
	n = cold ? list->tail : list->head;
	page_list_del(mm->memmap, list, n);
	pcp->count -= 1 << order;
	type = (int)pfn_to_page(mm, n)->private;
	pfn_to_page(mm, n)->identity = 0;
	account_transfer(mm, (unsigned long)n, order, nr_pcp, nr_free);
	trace(mm, PCP_ALLOC, .zone = zone, .pfn = n, .order = (int)order, .mt = type, .c = mm->cpu);
	return n;
}

/*
 * Free count pages of a CPU's set to the free lists, starting with list
 * pindex and going round; of each list the oldest first, until it is empty
 * (free_pcppages_bulk).
 */
static void free_pcppages_bulk(struct mm *mm, struct zone *zone, struct per_cpu_pages *pcp, int count,
			       unsigned int pindex)
{
	if (count > pcp->count)
		count = pcp->count;
	trace(mm, PCP_BULK, .zone = zone, .a = count, .b = (long)pindex, .c = mm->cpu);
	for (; count > 0; pindex = pindex + 1 < NR_PCP_LISTS ? pindex + 1 : 0) {
		struct page_list *list = &pcp->lists[pindex];
		unsigned int order = pindex_to_order(mm, pindex);

		while (count > 0 && list->nr) {
			uint32_t n = list->tail;
			int type = (int)pfn_to_page(mm, n)->private;

			page_list_del(mm->memmap, list, n);
			pcp->count -= 1 << order;
			count -= 1 << order;
			clear_pcp_page(mm, n, order);
			if (unlikely(zone->nr_isolate_pageblock))
				type = get_pageblock_migratetype(mm, n);
			free_one_page(mm, zone, n, order, type, FPI_NONE);
			trace(mm, MM_PAGE_PCPU_DRAIN, .zone = zone, .pfn = n, .order = (int)order,
			      .mt = type);
		}
	}
}

/* How full a set may get before part of it is freed (nr_pcp_high). */
static int nr_pcp_high(const struct zone *zone, const struct per_cpu_pages *pcp, bool free_high)
{
	if (!pcp->high || free_high)
		return 0;
	if (zone->reclaim_active && pcp->batch << 2 < pcp->high)
		return pcp->batch << 2;
	return pcp->high;
}

/* How many pages a full set frees at once: more each time nothing was allocated in between (nr_pcp_free). */
static int nr_pcp_free(struct per_cpu_pages *pcp, int high, bool free_high)
{
	int batch = pcp->batch, most = high - batch;

	if (free_high)
		return pcp->count;
	if (high < batch)
		return 1; /* page sets are switched off */
	batch <<= pcp->free_factor;
	if (batch < most && pcp->free_factor < PCP_BATCH_SCALE_MAX)
		pcp->free_factor++;
	if (batch > most)
		batch = most;
	return batch < pcp->batch ? pcp->batch : batch;
}

unsigned int free_unref_page(struct mm *mm, struct zone *zone, unsigned long pfn, unsigned int order,
			     bool cold, bool *to_pcp)
{
	struct per_cpu_pages *pcp = zone->this_cpu;
	int type = get_pageblock_migratetype(mm, pfn);
	/* CMA and HIGHATOMIC pages wait among the movable ones */
	unsigned int pindex = order_to_pindex(type < MIGRATE_PCPTYPES ? type : MIGRATE_MOVABLE, order);
	bool free_high;
	int high;

	*to_pcp = false;
	if (unlikely(type == MIGRATE_ISOLATE))
		return free_one_page(mm, zone, pfn, order, type, FPI_NONE);

	*to_pcp = true;
	count_vm_events(mm, PGFREE, 1UL << order);
	set_pcp_page(mm, zone, pfn, order, type);
	account_pageblocks(mm, pfn, order, nr_pcp, +=);
	if (cold)
		page_list_add_tail(mm->memmap, &pcp->lists[pindex], (uint32_t)pfn);
	else
		page_list_add(mm->memmap, &pcp->lists[pindex], (uint32_t)pfn);
	pcp->count += 1 << order;
	trace(mm, PCP_FREE, .zone = zone, .pfn = pfn, .order = (int)order, .mt = type, .a = pcp->count,
	      .b = pcp->high, .c = mm->cpu);

	free_high = pcp->free_factor && order && order <= PAGE_ALLOC_COSTLY_ORDER;
	high = nr_pcp_high(zone, pcp, free_high);
	if (pcp->count >= high)
		free_pcppages_bulk(mm, zone, pcp, nr_pcp_free(pcp, high, free_high), pindex);
	return order;
}

static void drain_pages_zone(struct mm *mm, unsigned int cpu, struct zone *zone)
{
	struct per_cpu_pages *pcp = &zone->pcp[cpu];
	unsigned int was = mm->cpu;

	if (!pcp->count)
		return;
	set_cpu(mm, cpu); /* each CPU drains its own set, and counts the pages */
	trace(mm, PCP_DRAIN, .zone = zone, .a = pcp->count, .c = cpu);
	while (pcp->count) {
		int most = pcp->batch << PCP_BATCH_SCALE_MAX;

		free_pcppages_bulk(mm, zone, pcp, pcp->count < most ? pcp->count : most, 0);
	}
	set_cpu(mm, was);
}

void drain_pages(struct mm *mm, int cpu, struct zone *zone)
{
	unsigned int first = cpu < 0 ? 0 : (unsigned int)cpu,
		     last = cpu < 0 ? mm->nr_cpus - 1 : (unsigned int)cpu;

	for (unsigned int c = first; c <= last; c++)
		for (unsigned int z = 0; z < mm->nr_zones; z++)
			if (mm->zones[z]->pcp && (!zone || zone == mm->zones[z]))
				drain_pages_zone(mm, c, mm->zones[z]);
}
